//! One window on the screen: the state, the words and the toolkit's component tied together.

use super::desktop::{self, ChooserWords, Picked};
use super::keyboard::{self, Keyboard, Reading};
use super::model::{
    Busy, DocumentView, Environment, Event, Fit, KeyKind, KeyRow, Problem, Question, Reason, RowId, SecretText, View,
};
use super::stage::{self, Command, Heard};
use super::state::{Focus, Missing, Phase, Pressed, Primary, State, Status, Typed, is_usable};
use super::words::{self, Trust};
use signer_ui::{DocumentLine, KeyLine, Look, Sign, SignWindow, Words};
use slint::winit_030::{EventResult, WinitWindowAccessor, winit};
use slint::{CloseRequestResponse, ComponentHandle, ModelRc, SharedString, Timer, TimerMode, VecModel};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};
use texts::{Texts, Value};

/// How long a window says that its page went away.
const GOODBYE: Duration = Duration::from_secs(6);

/// After so long a change has been drawn; nobody has pressed a key in the meantime.
const DRAWN: Duration = Duration::from_millis(60);

/// How often the keyboard is looked at while the window has the focus.
const KEYBOARD_GLANCE: Duration = Duration::from_millis(250);

/// A window on the screen. Dropping it takes it off.
pub(super) struct Sheet {
    ui: SignWindow,
    inner: Rc<Inner>,
}

struct Inner {
    id: u64,
    ui: slint::Weak<SignWindow>,
    texts: Texts,
    state: RefCell<State>,
    documents: Vec<DocumentView>,
    /// `None` once the last event was sent.
    heard: RefCell<Option<Heard>>,
    keyboard: Option<Rc<Keyboard>>,
    reading: RefCell<Reading>,
    glance: Timer,
    goodbye: Timer,
    /// Whether there are red sentences that must be seen before anything is typed.
    warns: bool,
    was_shown: Cell<bool>,
    was_touched: Cell<bool>,
    chooser_is_open: Cell<bool>,
}

/// Why a window could not be opened, and who waits to hear it.
type NotOpened = (slint::PlatformError, Heard);

impl Sheet {
    /// Opens a window.
    pub(super) fn open(
        id: u64,
        view: &View,
        heard: Heard,
        keyboard: Option<Rc<Keyboard>>,
        more_contrast: bool,
    ) -> Result<Self, NotOpened> {
        let ui = match SignWindow::new() {
            Ok(ui) => ui,
            Err(error) => return Err((error, heard)),
        };
        let documents = match &view.question {
            Question::Sign { documents, .. } => documents.clone(),
            _ => Vec::new(),
        };
        let texts = Texts::new(view.locale);
        let warns = !view.warnings.is_empty() || !words::who(&texts, &view.requester, &view.question).alarms.is_empty();
        let inner = Rc::new(Inner {
            id,
            ui: ui.as_weak(),
            texts,
            state: RefCell::new(State::new(&view.question, view.keys.clone())),
            documents,
            heard: RefCell::new(Some(heard)),
            keyboard,
            reading: RefCell::default(),
            glance: Timer::default(),
            goodbye: Timer::default(),
            warns,
            was_shown: Cell::new(false),
            was_touched: Cell::new(false),
            chooser_is_open: Cell::new(false),
        });
        ui.global::<Look>().set_more_contrast(more_contrast);
        inner.say_words(&ui);
        inner.say_request(&ui, view);
        inner.say_keys(&ui);
        inner.refresh(&ui);
        tie(&ui, &inner);
        match ui.show() {
            Ok(()) => Ok(Self { ui, inner }),
            Err(error) => {
                let heard = inner.heard.take();
                Err((error, heard.unwrap_or_else(|| Box::new(|_| {}))))
            }
        }
    }

    pub(super) fn show_keys(&self, keys: Vec<KeyRow>, focus: Option<RowId>) {
        let rest = self.inner.state.borrow_mut().show_keys(keys, focus, Instant::now());
        self.inner.say_keys(&self.ui);
        self.inner.refresh(&self.ui);
        self.inner.focus_for_sure(rest);
    }

    pub(super) fn show_problem(&self, problem: Problem) {
        let rest = self.inner.state.borrow_mut().show_problem(problem);
        self.inner.refresh(&self.ui);
        self.inner.focus_for_sure(rest);
    }

    pub(super) fn show_busy(&self, busy: Busy) {
        self.inner.state.borrow_mut().show_busy(busy);
        self.inner.refresh(&self.ui);
    }

    pub(super) fn show_waiting(&self, count: u32) {
        self.ui.set_waiting(self.inner.waiting(count));
    }

    pub(super) fn page_gone(&self) {
        if !self.inner.state.borrow_mut().page_gone() {
            return;
        }
        self.inner.forget_password(&self.ui);
        self.inner.refresh(&self.ui);
        self.ui.invoke_focus_close();
        // Nothing more is said: the one who asked is not waiting any more.
        self.inner.heard.take();
        let id = self.inner.id;
        self.inner.goodbye.start(TimerMode::SingleShot, GOODBYE, move || stage::post(Command::Left(id)));
    }

    pub(super) fn picked(&self, picked: Picked) {
        self.inner.picked(picked);
    }

    /// Whether it is telling that the page went away, and will close by itself.
    pub(super) fn is_saying_goodbye(&self) -> bool {
        self.inner.state.borrow().phase() == Phase::Gone
    }

    pub(super) fn set_more_contrast(&self, more: bool) {
        self.ui.global::<Look>().set_more_contrast(more);
    }
}

impl Drop for Sheet {
    fn drop(&mut self) {
        self.inner.forget_password(&self.ui);
        self.inner.heard.take();
        // It fails only where there is no window any more.
        let _ = self.ui.hide();
    }
}

/// Ties what the person does to what follows from it.
fn tie(ui: &SignWindow, inner: &Rc<Inner>) {
    // Each callback holds the inner part, which holds the component only weakly: no ring.
    macro_rules! on {
        ($register:ident, |$inner:ident, $ui:ident $(, $argument:ident)*| $body:expr) => {
            ui.$register({
                let $inner = inner.clone();
                move |$($argument),*| {
                    if let Some($ui) = $inner.ui.upgrade() {
                        $body
                    }
                }
            })
        };
    }
    on!(on_choose_document, |inner, ui, index| inner.say_document(&ui, index));
    on!(on_choose_key, |inner, ui, index, by_mouse| inner.choose_key(&ui, index, by_mouse));
    on!(on_step_key, |inner, ui, by| {
        inner.state.borrow_mut().step(by);
        inner.refresh(&ui);
    });
    on!(on_forget_key, |inner, _ui, index| inner.forget_key(index));
    on!(on_choose_file, |inner, _ui| inner.choose_file());
    on!(on_type_path, |inner, ui| inner.open_path(&ui));
    on!(on_add_path, |inner, ui, path| {
        if let Some(path) = desktop::typed_path(&path) {
            inner.add_file(&ui, path);
        }
    });
    on!(on_password_edited, |inner, ui| {
        if inner.state.borrow_mut().password_edited() {
            inner.refresh(&ui);
        }
        inner.hint(&ui);
    });
    on!(on_password_key, |inner, ui, text, shift| inner.key_typed(&ui, &text, shift));
    on!(on_press_primary, |inner, ui| inner.press_primary(&ui));
    on!(on_press_cancel, |inner, _ui| inner.cancel());
    on!(on_press_block, |inner, _ui| {
        if inner.state.borrow_mut().hears_site_choice(Instant::now()) {
            inner.end(Event::BlockSite);
        }
    });
    on!(on_press_allow, |inner, ui| {
        if inner.state.borrow_mut().hears_site_choice(Instant::now()) {
            ui.set_site_allowed(true);
            inner.say(Event::AllowSite);
        }
    });
    on!(on_grown, |inner, ui| inner.grow(&ui));
    on!(on_leave, |inner, _ui| stage::post(Command::Left(inner.id)));
    ui.window().on_close_requested({
        let inner = inner.clone();
        move || {
            inner.cancel();
            // The window goes with the sheet.
            CloseRequestResponse::KeepWindowShown
        }
    });
    ui.window().on_winit_window_event({
        let inner = inner.clone();
        move |_, event| {
            match event {
                winit::event::WindowEvent::Focused(true) => inner.came_to_front(),
                winit::event::WindowEvent::Focused(false) => inner.went_to_back(),
                winit::event::WindowEvent::RedrawRequested => inner.seen(),
                winit::event::WindowEvent::Resized(_) => inner.keep_in_sight(),
                winit::event::WindowEvent::KeyboardInput { .. } => inner.key_comes(),
                // Somebody else took it off the screen (another X client may): as good as closed by the person, and the
                // next request opens a new one.
                winit::event::WindowEvent::Destroyed => inner.cancel(),
                winit::event::WindowEvent::MouseInput { .. }
                | winit::event::WindowEvent::MouseWheel { .. }
                | winit::event::WindowEvent::Touch(_) => inner.was_touched.set(true),
                _ => {}
            }
            EventResult::Propagate
        }
    });
}

impl Inner {
    fn say(&self, event: Event) {
        if let Some(heard) = &*self.heard.borrow() {
            heard(event);
        }
    }

    /// Says the last word and closes.
    fn end(&self, event: Event) {
        if self.state.borrow_mut().cancel() {
            self.say(event);
        }
        self.heard.take();
        stage::post(Command::Left(self.id));
    }

    fn cancel(&self) {
        self.end(Event::Cancel);
    }

    /// The first picture is about to be drawn.
    fn seen(self: &Rc<Self>) {
        if self.was_shown.replace(true) {
            return;
        }
        self.state.borrow_mut().came_to_front(Instant::now());
        self.say(Event::Shown);
        // Now the rows exist and can have the focus, and the screen is known. This once the window asks to come to the
        // front; it never does again.
        let inner = self.clone();
        Timer::single_shot(Duration::ZERO, move || {
            let Some(ui) = inner.ui.upgrade() else {
                return;
            };
            inner.grow(&ui);
            ui.window().with_winit_window(|window| {
                window.focus_window();
                if !window.has_focus() {
                    // Where the desktop lets nobody come to the front, it may at least point here.
                    window.request_user_attention(Some(winit::window::UserAttentionType::Informational));
                }
            });
            let rest = inner.state.borrow().resting_focus();
            inner.focus(rest);
            inner.keep_in_sight();
        });
    }

    fn came_to_front(self: &Rc<Self>) {
        self.state.borrow_mut().came_to_front(Instant::now());
        self.look_at_keyboard();
        if self.keyboard.is_some() {
            // Weakly: the timer is a part of what it looks through.
            let inner = Rc::downgrade(self);
            self.glance.start(TimerMode::Repeated, KEYBOARD_GLANCE, move || {
                if let Some(inner) = inner.upgrade() {
                    inner.look_at_keyboard();
                }
            });
        }
    }

    fn went_to_back(&self) {
        self.glance.stop();
        if let Some(ui) = self.ui.upgrade() {
            // Whoever comes to the screen next shall not read it.
            ui.set_password_revealed(false);
        }
    }

    fn look_at_keyboard(&self) {
        if let Some(reading) = self.keyboard.as_ref().and_then(|keyboard| keyboard.read()) {
            let news = *self.reading.borrow() != reading;
            if news && let Some(ui) = self.ui.upgrade() {
                *self.reading.borrow_mut() = reading;
                self.hint(&ui);
            }
        }
    }

    fn key_typed(&self, ui: &SignWindow, text: &str, shift: bool) {
        if self.keyboard.is_none() {
            self.reading.borrow_mut().learn(text, shift);
            self.hint(ui);
        }
    }

    fn hint(&self, ui: &SignWindow) {
        let reading = self.reading.borrow();
        ui.set_caps_lock(reading.caps_lock);
        ui.set_layout_badge(reading.layout.as_ref().map(keyboard::Layout::badge).unwrap_or_default().into());
        let spoken = reading.layout.as_ref().map(|layout| layout.spoken(&self.texts)).unwrap_or_default();
        ui.set_layout_spoken(spoken.into());
        let hint = SharedString::from(keyboard::hint(&self.texts, &ui.get_password(), &reading));
        ui.set_password_hint(hint);
    }

    fn choose_key(&self, ui: &SignWindow, index: i32, by_mouse: bool) {
        let chosen = usize::try_from(index).is_ok_and(|index| self.state.borrow_mut().choose(index));
        self.refresh(ui);
        if chosen && by_mouse {
            let rest = self.state.borrow().resting_focus();
            self.focus(rest);
        }
    }

    fn forget_key(&self, index: i32) {
        let row = usize::try_from(index).ok().and_then(|index| self.state.borrow().forget(index));
        if let Some(row) = row {
            self.say(Event::Forget(row));
        }
    }

    fn press_primary(&self, ui: &SignWindow) {
        let typed = if ui.get_password().is_empty() { Typed::Nothing } else { Typed::Something };
        let pressed = self.state.borrow_mut().press_primary(Instant::now(), typed);
        match pressed {
            Pressed::Ignored => {}
            Pressed::Missing(missing) => {
                self.refresh(ui);
                self.focus(match missing {
                    Missing::Key => self.state.borrow().focus_for_choosing(),
                    Missing::Password => Focus::Password,
                });
            }
            Pressed::Decided(row) => {
                // Taken and gone: the field is empty before anybody else runs.
                let password = if ui.get_asks_password() {
                    SecretText::new(ui.get_password().as_str().to_owned())
                } else {
                    SecretText::default()
                };
                self.forget_password(ui);
                self.refresh(ui);
                self.say(Event::Decide { row, password });
            }
        }
    }

    /// Empties the field. The toolkit's own copies (its undo list among them) are freed with it, not wiped: that is the
    /// allocator's part.
    fn forget_password(&self, ui: &SignWindow) {
        ui.set_password(SharedString::default());
        ui.set_password_revealed(false);
        ui.set_password_hint(SharedString::default());
    }

    fn choose_file(self: &Rc<Self>) {
        if self.state.borrow().phase() != Phase::Asking || self.chooser_is_open.replace(true) {
            return;
        }
        let words = ChooserWords {
            title: self.texts.text("window-choose-key-file"),
            key_files: self.texts.text("window-key-files"),
            all_files: self.texts.text("window-all-files"),
        };
        let id = self.id;
        let started = std::thread::Builder::new()
            .name("file chooser".to_owned())
            .spawn(move || stage::post(Command::Picked(id, desktop::pick_key_file(&words))));
        if started.is_err() {
            self.picked(Picked::NoChooser);
        }
    }

    fn picked(&self, picked: Picked) {
        self.chooser_is_open.set(false);
        let Some(ui) = self.ui.upgrade() else {
            return;
        };
        match picked {
            Picked::File(path) => self.add_file(&ui, path),
            Picked::Nothing => {}
            Picked::NoChooser => self.open_path(&ui),
        }
    }

    fn open_path(&self, ui: &SignWindow) {
        ui.set_path_open(true);
        ui.invoke_focus_path();
    }

    fn add_file(&self, ui: &SignWindow, path: std::path::PathBuf) {
        if self.state.borrow_mut().add_file() {
            ui.set_path(SharedString::default());
            ui.set_path_open(false);
            self.refresh(ui);
            self.say(Event::AddFile(path));
        }
    }

    /// Now, and once more when it was drawn: the field that had the focus may go with the next picture, and on a busy
    /// computer takes the focus along that was given before.
    fn focus_for_sure(self: &Rc<Self>, focus: Focus) {
        self.focus(focus);
        let inner = Rc::downgrade(self);
        Timer::single_shot(DRAWN, move || {
            let Some(inner) = inner.upgrade() else { return };
            let still = inner.state.borrow().phase() == Phase::Asking && inner.state.borrow().resting_focus() == focus;
            if still {
                inner.focus(focus);
            }
        });
    }

    fn focus(&self, focus: Focus) {
        if let Some(ui) = self.ui.upgrade() {
            match focus {
                Focus::Password => ui.invoke_focus_password(),
                Focus::Keys => ui.invoke_focus_keys(),
                Focus::OtherFile => ui.invoke_focus_other_file(),
                Focus::Primary => ui.invoke_focus_primary(),
            }
        }
    }
}

mod showing;
mod sizing;
