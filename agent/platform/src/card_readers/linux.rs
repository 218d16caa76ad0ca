//! Linux: `pcscd`, which is asked through a socket. The system may keep the socket and start it when somebody asks.

use super::Service;
use std::os::unix::fs::FileTypeExt;
use std::path::PathBuf;

/// What libpcsclite itself takes for another place of the socket.
const PLACE: &str = "PCSCLITE_CSOCK_NAME";

/// Where the socket is else.
const STANDARD: &str = "/run/pcscd/pcscd.comm";

/// How the service stands.
#[must_use]
pub fn service() -> Service {
    let place = std::env::var_os(PLACE).map_or_else(|| STANDARD.into(), PathBuf::from);
    let is_socket = std::fs::metadata(place).is_ok_and(|file| file.file_type().is_socket());
    if is_socket { Service::There } else { Service::Absent }
}
