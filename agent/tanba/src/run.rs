//! `tanba run`: the resident listener.

use crate::arguments::RunOptions;
use crate::{Exit, Place, log, open, signer};
use listener::tray::Deeds;
use listener::{Board, Listener, Setup, StartError, guardian};
use platform::instance::{Instance, InstanceError};
use platform::peer::{Owner, PortHolder, Program, ProgramKind};
use platform::{descriptors, hardening};
use settings::{Live, Settings};
use std::io::{self, Write as _};
use std::sync::Arc;
use texts::{Texts, Value};
use time::UtcOffset;
use tokio::sync::oneshot;

/// Threads for what blocks: files, hashing large documents, the trust stores' tool.
const MOST_BLOCKING_THREADS: usize = 8;

/// Descriptors for all that is no connection: the journal, the signer's pipes, what is looked up.
const OTHER_DESCRIPTORS: u64 = 256;

/// Runs the listener until it is stopped.
pub(crate) fn run(place: &Place, options: &RunOptions) -> Exit {
    if options.background
        && let Err(error) = platform::children::leave_session()
    {
        eprintln!("tanba: {error}");
    }
    log::start(place.places.state(), options.log);
    for step in hardening::give_up_what_is_not_needed() {
        if let Err(error) = step.result {
            tracing::warn!(step = step.name, %error, "a right could not be given up");
        }
    }
    let wanted = u64::from(place.loaded.settings.limits.connections) + OTHER_DESCRIPTORS;
    match descriptors::provide(wanted) {
        Ok(had) if had < wanted => tracing::warn!(had, wanted, "fewer connections can be open than the settings say"),
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "the number of connections that can be open is not known"),
    }
    let texts = &place.texts;
    let mut instance = match Instance::acquire(&open::lock(&place.places)) {
        Ok(instance) => instance,
        Err(error) => {
            let exit = complain(texts, &running_already(texts, &error));
            if matches!(error, InstanceError::Held(_)) {
                open::show(&place.places);
            }
            return exit;
        }
    };
    // While there is one thread: with more the system's answer could not be trusted.
    let offset = UtcOffset::current_local_offset().unwrap_or(UtcOffset::UTC);
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(MOST_BLOCKING_THREADS).build();
    match runtime {
        Ok(runtime) => runtime.block_on(listen(place, options, offset, &mut instance)),
        Err(error) => complain(texts, &failed(texts, &error.to_string())),
    }
}

async fn listen(place: &Place, options: &RunOptions, offset: UtcOffset, instance: &mut Instance) -> Exit {
    let texts = &place.texts;
    let port = options.port.unwrap_or_else(|| place.loaded.settings.port());
    // From here on a signal ends us gracefully, even before the first page comes.
    let opened = stop_signals().map_err(StartError::Io).and_then(|stopped| {
        let command = signer::host(&place.places)?;
        if !command.program.exists() {
            let path = command.program.display().to_string();
            eprintln!("tanba: {}", texts.format("run-signer-missing", &[("path", Value::Text(&path))]));
        }
        let mut setup = Setup::new(place.places.clone(), place.loaded.settings.clone(), port, command)?;
        setup.watcher = Some(signer::watch(&place.places)?);
        let board = setup.board.clone();
        let (quit, quitted) = oneshot::channel();
        let deeds = Deeds { open: signer::open(&place.places)?, check: signer::check(&place.places)?, quit, offset };
        let stopped = async move {
            tokio::select! {
                () = stopped => {}
                // Whoever could have said so may be gone: then only a signal counts.
                Ok(()) = quitted => {}
            }
        };
        Ok((Listener::open(setup)?, board, deeds, stopped))
    });
    let (listener, board, deeds, stopped) = match opened {
        Ok(opened) => opened,
        Err(error) => return complain(texts, &explain(texts, &error)),
    };
    if let Err(error) = instance.record(Some(listener.port())) {
        tracing::warn!(%error, "the lock file could not be written");
    }
    let page = listener.page();
    let tray = listener.tray(deeds);
    let settings = listener.settings();
    let serving = tokio::spawn(listener.serve(stopped));
    let watching = guard_keys(place, board, settings);
    // Pages are served first.
    tokio::task::yield_now().await;
    let ready = texts.format("run-ready", &[("page", Value::Text(&page))]);
    // Nobody may be reading; sites are served all the same.
    let _ = writeln!(io::stdout(), "{ready}").and_then(|()| io::stdout().flush());
    let showing = tokio::spawn(tray.show());
    let served = serving.await;
    // The icon goes with its task, and the windows stay.
    showing.abort();
    let _ = showing.await;
    // The look that goes on, if one does, ends with its task.
    if let Some(watching) = watching {
        watching.abort();
        let _ = watching.await;
    }
    match served {
        Ok(()) => Exit::Done,
        Err(error) => complain(texts, &failed(texts, &error.to_string())),
    }
}

/// Has somebody look whether a key ends soon, now and daily, while the person wants a word about it.
fn guard_keys(place: &Place, board: Board, settings: Arc<Live>) -> Option<tokio::task::JoinHandle<()>> {
    match signer::guardian(&place.places) {
        Ok(command) => Some(tokio::spawn(guardian::watch(command, board, settings, guardian::ROUND))),
        Err(error) => {
            tracing::warn!(%error, "nobody looks whether keys end soon");
            None
        }
    }
}

/// Ends when somebody wants us to stop.
#[cfg(unix)]
fn stop_signals() -> io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ends when somebody wants us to stop.
#[cfg(not(unix))]
fn stop_signals() -> io::Result<impl Future<Output = ()> + Send> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

fn complain(texts: &Texts, sentence: &str) -> Exit {
    // Every complaint of the command line begins the same way.
    eprintln!("{}", texts.format("cli-error", &[("what", Value::Text(sentence))]));
    Exit::Failed
}

fn failed(texts: &Texts, what: &str) -> String {
    texts.format("run-failed", &[("what", Value::Text(what))])
}

fn running_already(texts: &Texts, error: &InstanceError) -> String {
    match error {
        InstanceError::Held(holder) => match (holder.pid, holder.port) {
            (Some(pid), Some(port)) => {
                let (pid, port) = (pid.to_string(), port.to_string());
                texts.format("run-running-already", &[("pid", Value::Text(&pid)), ("port", Value::Text(&port))])
            }
            _ => texts.text("run-running-somewhere"),
        },
        InstanceError::Io(error) => failed(texts, &error.to_string()),
    }
}

/// Why it did not start, with what to do about it.
fn explain(texts: &Texts, error: &StartError) -> String {
    let StartError::PortTaken { port, holder } = error else {
        return failed(texts, &error.to_string());
    };
    // Numbers here are names: no language puts a blank into a port.
    let port = port.to_string();
    let port = ("port", Value::Text(&port));
    let standard = Settings::STANDARD_PORT.to_string();
    let standard = ("standard", Value::Text(&standard));
    match holder {
        Some(PortHolder { owner: Owner::AnotherUser(_), .. }) => texts.format("run-port-taken-user", &[port, standard]),
        Some(PortHolder { program: Some(Program { pid: None, kind: ProgramKind::Tanba, .. }), .. }) => {
            texts.format("run-port-taken-tanba-somewhere", &[port, standard])
        }
        Some(PortHolder { program: Some(program @ Program { pid: Some(pid), .. }), .. }) => {
            let pid = pid.to_string();
            let pid = ("pid", Value::Text(&pid));
            match program.kind {
                ProgramKind::NcaLayer => texts.format("run-port-taken-ncalayer", &[port, pid]),
                ProgramKind::Tanba => texts.format("run-port-taken-tanba", &[port, pid, standard]),
                ProgramKind::Browser | ProgramKind::Other => {
                    let path = program.path.as_ref().map(|path| format!(", {}", path.display())).unwrap_or_default();
                    let name = ("program", Value::Text(&program.name));
                    texts.format("run-port-taken-program", &[port, pid, name, ("path", Value::Text(&path)), standard])
                }
            }
        }
        _ => texts.format("run-port-taken", &[port, standard]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use texts::Locale;

    fn message(holder: Option<PortHolder>) -> String {
        explain(&Texts::new(Locale::En), &StartError::PortTaken { port: 13579, holder })
    }

    fn held_by(kind: ProgramKind, name: &str) -> Option<PortHolder> {
        let program = Program { pid: Some(4711), path: Some("/opt/thing".into()), name: name.into(), kind };
        Some(PortHolder { owner: Owner::ThisUser, program: Some(program) })
    }

    #[test]
    fn a_taken_port_is_explained_by_who_took_it() {
        let ncalayer = message(held_by(ProgramKind::NcaLayer, "NCALayer"));
        assert!(ncalayer.contains("13579") && ncalayer.contains("NCALayer") && ncalayer.contains("4711"), "{ncalayer}");
        let tanba = message(held_by(ProgramKind::Tanba, "tanba"));
        assert!(tanba.contains("another Tanba") && tanba.contains("4711"), "{tanba}");
        let several = Program { pid: None, path: None, name: "tanba".into(), kind: ProgramKind::Tanba };
        let several = message(Some(PortHolder { owner: Owner::ThisUser, program: Some(several) }));
        assert!(several.contains("another Tanba") && !several.contains("process"), "{several}");
        let other = message(held_by(ProgramKind::Other, "thing"));
        assert!(other.contains("thing (process 4711, /opt/thing)"), "{other}");
        let user = message(Some(PortHolder { owner: Owner::AnotherUser(1001), program: None }));
        assert!(user.contains("another user"), "{user}");
        let unknown = message(None);
        assert!(unknown.contains("does not say"), "{unknown}");
    }
}
