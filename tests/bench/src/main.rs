//! Measures the two programs and prints figures and ratios: `make bench`.
//!
//! It reports and judges nothing: a slow machine, or a busy one, fails no build. Every figure stands beside the bar it is
//! meant to stay under, and the comparison with OpenSSL and its GOST engine is made in the same run on the same machine, so
//! that a ratio means something where a time does not.
//!
//! - [`agent`]: from `exec` to a greeted WebSocket, resident memory, what idle sockets cost;
//! - [`soak`]: a thousand sockets, calls and mischief for a while, and whether anything leaks: also by itself, `make soak`;
//! - [`signing`]: signatures with a key file, as the signer makes them: one, a thousand, one of 1 GiB;
//! - [`tokens`]: tokens behind their hosts: listed, signing, told of to pages;
//! - [`primitives`]: signatures and GOST hashes beside OpenSSL, its engine and nettle;
//! - [`xml`]: canonical XML beside libxml2;
//! - `tray`: the listener with its icon in a tray, idle;
//! - [`window`]: from a page's request to a window that is painted and takes keys.

mod agent;
mod machine;
mod primitives;
mod signing;
mod soak;
mod statistics;
mod tokens;
#[cfg(target_os = "linux")]
mod tray;
mod websocket;
mod window;
mod xml;

use std::{error::Error, path::PathBuf, process::ExitCode};

/// Why something could not be measured.
type Fault = Box<dyn Error>;

fn main() -> ExitCode {
    let Some(programs) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!(
            "usage: tanba-bench FOLDER_OF_THE_RELEASE_PROGRAMS [agent|load|tray|window|signing|tokens|primitives|xml ...]\n       tanba-bench soak FOLDER_OF_THE_PROGRAMS MINUTES"
        );
        return ExitCode::from(2);
    };
    if programs.as_os_str() == xml::CANONICALIZE {
        return match std::env::args_os()
            .nth(2)
            .ok_or("no file".into())
            .and_then(|path| xml::canonicalize_file(path.as_ref()))
        {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{error}");
                ExitCode::FAILURE
            }
        };
    }
    if programs.as_os_str() == soak::SOAK {
        return soak::run(&std::env::args().skip(2).collect::<Vec<_>>());
    }
    println!("Tanba's figures on this machine: {}", machine::describe());
    println!();
    let wanted: Vec<String> = std::env::args().skip(2).collect();
    let section = |name: &str, measure: &dyn Fn() -> Result<Vec<Line>, Fault>| {
        if wanted.is_empty() || wanted.iter().any(|one| one == name) {
            section(name, measure());
        }
    };
    section("agent", &|| agent::measure(&programs));
    section("load", &|| soak::measure(&programs));
    #[cfg(target_os = "linux")]
    section("tray", &|| tray::measure(&programs));
    section("window", &|| window::measure(&programs));
    section("signing", &|| signing::measure(&programs));
    section("tokens", &|| tokens::measure(&programs));
    section("primitives", &primitives::measure);
    section("xml", &xml::measure);
    println!(
        "Times are of this machine as busy as it was. A ratio is Tanba's figure over the other's: both were taken in turns"
    );
    println!("in this run, the best turn of each counts, and more than 1 means that Tanba is faster.");
    ExitCode::SUCCESS
}

fn section(name: &str, measured: Result<Vec<Line>, Fault>) {
    match measured {
        Ok(lines) => {
            for Line { what, figure, beside } in lines {
                println!("{what:<44} {figure:>12}   {beside}");
            }
        }
        Err(error) => println!("NOT MEASURED: {name}: {error}"),
    }
    println!();
}

/// One line of the report.
struct Line {
    what: String,
    figure: String,
    beside: String,
}

impl Line {
    fn new(what: impl Into<String>, figure: impl Into<String>, beside: impl Into<String>) -> Self {
        Self { what: what.into(), figure: figure.into(), beside: beside.into() }
    }
}
