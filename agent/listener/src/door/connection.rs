//! One connection, from its first octet to what it wanted.

use super::caller::{self, Caller, Standing};
use super::head::{self, Refusal, Request};
use super::{Doors, reply, socket, upgrade};
use crate::page;
use crate::setup::Patience;
use crate::stop::Stop;
use crate::walk::Walk;
use platform::peer::{Connection, Peers};
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

/// The first octet of a TLS record that begins a handshake (RFC 8446 §5.1); no HTTP method begins with it.
const TLS_HANDSHAKE: u8 = 0x16;

/// How long a connection of another user of the machine is looked at.
const FOREIGN: Duration = Duration::from_secs(1);

/// A head is read in pieces of this size; browsers' fit into one.
const PIECE: usize = 4 * 1024;

/// How long to wait when the system gives no more sockets.
const OUT_OF_SOCKETS: Duration = Duration::from_millis(200);

/// What every connection needs.
pub(crate) struct Hall {
    pub(crate) port: u16,
    pub(crate) frame_bytes: usize,
    pub(crate) connections: usize,
    pub(crate) patience: Patience,
    pub(crate) peers: Arc<dyn Peers>,
    pub(crate) tls: TlsAcceptor,
    pub(crate) walk: Arc<Walk>,
    /// The person's own language, for a browser that names none of ours.
    pub(crate) locale: texts::Locale,
}

/// Serves both doors until `stop` says so, then waits for the open sockets to be closed.
pub(crate) async fn serve(doors: Doors, hall: Arc<Hall>, stop: Stop) {
    let permits = Arc::new(Semaphore::new(hall.connections));
    let mut connections = JoinSet::new();
    let mut stopped = stop.clone();
    loop {
        // Over the limit nobody is sent away: the system lets them wait until a place is free.
        let permit = tokio::select! {
            () = stopped.said() => break,
            permit = Arc::clone(&permits).acquire_owned() => permit,
        };
        let accepted = tokio::select! {
            () = stopped.said() => break,
            accepted = accept(&doors.v4, doors.v6.as_ref()) => accepted,
        };
        match accepted {
            Ok(stream) => {
                let (hall, stop) = (Arc::clone(&hall), stop.clone());
                connections.spawn(async move {
                    let _permit = permit;
                    if let Err(error) = connection(stream, &hall, stop).await {
                        tracing::debug!(%error, "a connection ended before it wanted anything");
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(OUT_OF_SOCKETS).await;
            }
        }
        // Those that ended; without this the set would keep each of them.
        while connections.try_join_next().is_some() {}
    }
    drop(doors);
    let patience = hall.patience.closing;
    if tokio::time::timeout(patience, async { while connections.join_next().await.is_some() {} }).await.is_err() {
        connections.shutdown().await;
    }
}

async fn accept(v4: &TcpListener, v6: Option<&TcpListener>) -> io::Result<TcpStream> {
    let v6 = async {
        match v6 {
            Some(v6) => v6.accept().await,
            None => std::future::pending().await,
        }
    };
    let (stream, _) = tokio::select! {
        accepted = v4.accept() => accepted?,
        accepted = v6 => accepted?,
    };
    Ok(stream)
}

/// Serves one connection. An error is the peer's affair: it broke off, was too slow, or does not speak TLS.
async fn connection(stream: TcpStream, hall: &Hall, mut stop: Stop) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let connection = Connection { ours: stream.local_addr()?, theirs: stream.peer_addr()? };
    let standing = caller::standing(&*hall.peers, &connection);
    // Whoever is not heard anyway keeps no place for long.
    let patience = if standing == Standing::Ours { hall.patience.handshake } else { FOREIGN };
    let deadline = tokio::time::Instant::now() + patience;
    let mut first = [0];
    // A socket that says nothing must not keep a listener that stops.
    let peeked = tokio::select! {
        peeked = within(deadline, stream.peek(&mut first)) => peeked?,
        () = stop.said() => return Ok(()),
    };
    if peeked == 0 {
        return Ok(());
    }
    if first == [TLS_HANDSHAKE] {
        if standing != Standing::Ours {
            return Ok(());
        }
        let stream = tokio::select! {
            stream = within(deadline, hall.tls.accept(stream)) => stream?,
            () = stop.said() => return Ok(()),
        };
        request(stream, hall, connection, standing, deadline, stop).await
    } else {
        request(stream, hall, connection, standing, deadline, stop).await
    }
}

async fn within<T>(deadline: tokio::time::Instant, future: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    tokio::time::timeout_at(deadline, future).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
}

async fn request<S>(
    mut stream: S,
    hall: &Hall,
    connection: Connection,
    standing: Standing,
    deadline: tokio::time::Instant,
    mut stop: Stop,
) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut octets = Vec::with_capacity(PIECE);
    let head = tokio::select! {
        head = within(deadline, read_head(&mut stream, &mut octets, hall.port)) => head?,
        () = stop.said() => return Ok(()),
    };
    // Who it is comes before what it wants.
    let head = match standing {
        Standing::Ours => head,
        Standing::Foreign => Err(Refusal::AnotherUser),
        Standing::Unknown => Err(Refusal::UnknownUser),
    };
    match head {
        Ok((Request::Socket { key, origin }, length)) => {
            let beyond_head = octets.split_off(length);
            drop(octets);
            let upgraded = upgrade::upgrade(stream, &key, beyond_head, hall.frame_bytes);
            let open = within(deadline, upgraded).await?;
            let caller = Caller::new(origin, connection, Arc::clone(&hall.peers));
            socket::converse(open, caller, Arc::clone(&hall.walk), hall.patience, stop).await;
            Ok(())
        }
        Ok((Request::Page(wanted), _)) => {
            let locale = page::locale(wanted.lang.as_deref(), wanted.accept_language.as_deref(), hall.locale);
            let answer = reply::page(&page::render(locale, &wanted.host), wanted.is_head);
            say_goodbye(stream, &answer, hall.patience).await
        }
        Err(refusal) => {
            tracing::info!(?refusal, "a request is refused");
            say_goodbye(stream, &reply::refusal(refusal, hall.port, hall.locale), hall.patience).await
        }
    }
}

/// Reads up to the end of the head. The end of the stream before it is nobody's request.
async fn read_head<S>(stream: &mut S, octets: &mut Vec<u8>, port: u16) -> io::Result<Result<(Request, usize), Refusal>>
where
    S: AsyncRead + Unpin,
{
    loop {
        octets.reserve(PIECE);
        if stream.read_buf(octets).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        match head::read(octets, port) {
            Ok(None) => {}
            Ok(Some(found)) => return Ok(Ok(found)),
            Err(refusal) => return Ok(Err(refusal)),
        }
    }
}

/// Sends a last answer and closes.
async fn say_goodbye<S>(mut stream: S, answer: &[u8], patience: Patience) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let deadline = tokio::time::Instant::now() + patience.sending;
    within(deadline, async {
        stream.write_all(answer).await?;
        stream.shutdown().await
    })
    .await?;
    linger(&mut stream, patience.closing).await;
    Ok(())
}

/// Reads what still comes and throws it away. Closing a socket with unread octets resets the connection, and the peer
/// may then never see the answer that was sent before.
pub(super) async fn linger<S>(stream: &mut S, patience: Duration)
where
    S: AsyncRead + Unpin,
{
    let drain = async {
        let mut rubbish = vec![0; PIECE];
        while matches!(stream.read(&mut rubbish).await, Ok(read) if read != 0) {}
    };
    // A peer that goes on sending has had its time.
    let _ = tokio::time::timeout(patience, drain).await;
}
