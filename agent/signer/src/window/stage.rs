//! The toolkit's side: what happens on the thread that the windows live on.

use super::album::Wish;
use super::desk::WindowError;
use super::desktop::{self, Picked};
use super::fonts;
use super::keyboard::Keyboard;
use super::main_sheet::{MainHeard, MainSheet};
use super::model::{Busy, Event, KeyRow, Looking, MainNote, MainPage, Problem, RowId, View};
use super::sheet::Sheet;
use crate::preview_host::{Answer, Drawing};
use std::cell::RefCell;
use std::rc::Rc;

/// What the other thread wants of this one. The number names the window; words to one that is gone are ignored.
pub(super) enum Command {
    Open(u64, Box<View>, Heard),
    Keys(u64, Vec<KeyRow>, Option<RowId>),
    Update(u64, Vec<KeyRow>, Looking),
    Problem(u64, Problem),
    Busy(u64, Busy),
    Waiting(u64, u32),
    PageGone(u64),
    /// Its handle was dropped.
    Close(u64),
    /// It has nothing left to say.
    Left(u64),
    /// The picture that a site sent was drawn.
    Logo(u64, Drawing),
    /// What came of drawing a document.
    Picture(u64, Wish, Option<Answer>),
    /// What came of asking for a file.
    Picked(u64, Picked),
    MoreContrast(bool),
    /// Opens the main window.
    Main(Box<MainPage>, MainHeard),
    /// Shows another page in it, with the row of that name open.
    Page(Box<MainPage>, String),
    /// Says something at its lower edge.
    Note(MainNote),
    /// Whether something is being done.
    MainBusy(bool),
    MainToFront,
    MainClose,
    /// Nobody is there any more who could open another window.
    Clear,
    Stop,
}

/// Who hears what a window says.
pub(super) type Heard = Box<dyn Fn(Event) + Send>;

/// What the windows share, and the one that is open.
#[derive(Default)]
struct Stage {
    open: Option<(u64, Sheet)>,
    /// The main window, which stays behind the others.
    main: Option<MainSheet>,
    /// What comes when the open window has said that its page went away. Were it to come at once, a page could take its
    /// request back under a person's hands and put another one in the same place.
    next: Option<(u64, Box<View>, Heard)>,
    keyboard: Option<Rc<Keyboard>>,
    more_contrast: bool,
    /// The worker is done; the last window may still be saying that its page went away.
    stopping: bool,
}

thread_local! {
    static STAGE: RefCell<Stage> = RefCell::default();
}

/// Finds the screen, once, before anything else is started.
pub(super) fn prepare() -> Result<(), WindowError> {
    let selector = slint::BackendSelector::new().backend_name("winit".to_owned()).renderer_name("software".to_owned());
    fonts::with_some_font(|| selector.select())?.map_err(|error| WindowError::NoScreen(error.to_string()))?;
    // How the desktop knows whose windows these are; it fails only without a toolkit.
    let _ = slint::set_xdg_app_id("tanba");
    STAGE.with_borrow_mut(|stage| stage.keyboard = Keyboard::open().map(Rc::new));
    // The answer takes a few milliseconds and is there before the first order. A desktop that cannot be asked has no
    // such wish.
    let _ = std::thread::Builder::new()
        .name("contrast".to_owned())
        .spawn(|| post(Command::MoreContrast(desktop::wants_more_contrast())));
    Ok(())
}

/// Shows windows until [`Command::Stop`].
pub(super) fn run_until_stopped() -> Result<(), WindowError> {
    slint::run_event_loop_until_quit().map_err(|error| WindowError::NoScreen(error.to_string()))
}

/// Hands a command over to the toolkit's thread, from any thread.
pub(super) fn post(command: Command) {
    // The loop ends only after `Stop`, and what comes later has nobody to be shown to.
    let _ = slint::invoke_from_event_loop(move || take(command));
}

fn take(command: Command) {
    match command {
        Command::Open(id, view, heard) => open_in_turn(id, view, heard),
        Command::Keys(id, keys, focus) => with(id, |sheet| sheet.show_keys(keys, focus)),
        Command::Update(id, keys, looking) => with(id, |sheet| sheet.update_keys(keys, looking)),
        Command::Problem(id, problem) => with(id, |sheet| sheet.show_problem(problem)),
        Command::Busy(id, busy) => with(id, |sheet| sheet.show_busy(busy)),
        Command::Waiting(id, count) => with(id, |sheet| sheet.show_waiting(count)),
        Command::Logo(id, drawing) => with(id, |sheet| sheet.show_logo(&drawing)),
        Command::Picture(id, wish, answer) => with(id, |sheet| sheet.show_picture(wish, answer)),
        Command::Picked(id, picked) => with(id, |sheet| sheet.picked(picked)),
        Command::PageGone(id) => {
            forget_next(id);
            with(id, Sheet::page_gone);
        }
        Command::Close(id) => {
            forget_next(id);
            if is_open(id, |sheet| !sheet.is_saying_goodbye()) {
                close();
            }
        }
        Command::Left(id) => {
            if is_open(id, |_| true) {
                close();
            }
        }
        Command::MoreContrast(more) => STAGE.with_borrow_mut(|stage| {
            stage.more_contrast = more;
            if let Some((_, sheet)) = &stage.open {
                sheet.set_more_contrast(more);
            }
            if let Some(main) = &stage.main {
                main.set_more_contrast(more);
            }
        }),
        Command::Main(page, heard) => open_main(&page, heard),
        Command::Page(page, open) => with_main(|main| main.show(&page, &open)),
        Command::Note(note) => with_main(|main| main.say(&note)),
        Command::MainBusy(is_busy) => with_main(|main| main.set_busy(is_busy)),
        Command::MainToFront => with_main(MainSheet::come_to_front),
        Command::MainClose => close_main(),
        Command::Clear => {
            let next = STAGE.with_borrow_mut(|stage| stage.next.take());
            drop(next);
            close();
        }
        Command::Stop => {
            close_main();
            let still_open = STAGE.with_borrow_mut(|stage| {
                stage.stopping = true;
                stage.open.as_ref().is_some_and(|(_, sheet)| sheet.is_saying_goodbye())
            });
            if !still_open {
                close();
            }
        }
    }
}

fn open_main(page: &MainPage, heard: MainHeard) {
    let more_contrast = STAGE.with_borrow(|stage| stage.more_contrast);
    if let Ok(main) = MainSheet::open(page, heard, more_contrast) {
        let former = STAGE.with_borrow_mut(|stage| stage.main.replace(main));
        drop(former);
    }
}

/// Outside the borrow: hiding a window calls back.
fn close_main() {
    let main = STAGE.with_borrow_mut(|stage| stage.main.take());
    drop(main);
}

fn with_main(act: impl FnOnce(&MainSheet)) {
    // What it does may call back, into who listens; that posts, and does not come here.
    STAGE.with_borrow(|stage| {
        if let Some(main) = &stage.main {
            act(main);
        }
    });
}

fn open_in_turn(id: u64, view: Box<View>, heard: Heard) {
    let waits = STAGE.with_borrow(|stage| stage.open.as_ref().is_some_and(|(_, sheet)| sheet.is_saying_goodbye()));
    if waits {
        let former = STAGE.with_borrow_mut(|stage| stage.next.replace((id, view, heard)));
        drop(former);
    } else {
        open(id, &view, heard);
    }
}

/// The window that was to come is not wanted any more. Its listener is dropped outside the borrow.
fn forget_next(id: u64) {
    let forgotten = STAGE.with_borrow_mut(|stage| stage.next.take_if(|(next, ..)| *next == id));
    drop(forgotten);
}

fn open(id: u64, view: &View, heard: Heard) {
    let (former, keyboard, more_contrast) =
        STAGE.with_borrow_mut(|stage| (stage.open.take(), stage.keyboard.clone(), stage.more_contrast));
    drop(former);
    match Sheet::open(id, view, heard, keyboard, more_contrast) {
        Ok(sheet) => STAGE.with_borrow_mut(|stage| stage.open = Some((id, sheet))),
        Err((error, heard)) => heard(Event::Failed(error.to_string())),
    }
}

/// Closes the window, and ends the loop when that was the last thing to do.
fn close() {
    let (former, next, stopping) =
        STAGE.with_borrow_mut(|stage| (stage.open.take(), stage.next.take(), stage.stopping));
    // Outside the borrow: closing a window calls back.
    drop(former);
    if let Some((id, view, heard)) = next {
        open(id, &view, heard);
    } else if stopping {
        // It fails only when the loop has ended already.
        let _ = slint::quit_event_loop();
    }
}

fn is_open(id: u64, and: impl FnOnce(&Sheet) -> bool) -> bool {
    STAGE.with_borrow(|stage| stage.open.as_ref().is_some_and(|(open, sheet)| *open == id && and(sheet)))
}

fn with(id: u64, act: impl FnOnce(&Sheet)) {
    STAGE.with_borrow(|stage| {
        if let Some((open, sheet)) = &stage.open
            && *open == id
        {
            act(sheet);
        }
    });
}
