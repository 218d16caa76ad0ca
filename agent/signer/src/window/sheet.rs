//! One window on the screen: the state, the words and the toolkit's component tied together.

use super::album::{Album, Wish};
use super::desktop::{self, ChooserWords, Picked, Wanted};
use super::keyboard::{self, Keyboard, Reading};
use super::logo;
use super::model::{
    Asker, Busy, Care, DocumentView, Environment, Event, Fit, KeyKind, KeyRow, Looking, Problem, Question, Reason,
    RowId, SecretText, View,
};
use super::stage::{self, Command, Heard};
use super::state::{
    Caution, Departure, Focus, Missing, Phase, Pressed, Primary, State, Status, Touched, Typed, is_usable,
};
use super::words::{self, QuestionWords, Secret, Tone, Trust};
use crate::preview_host::{Answer, Drawing};
use signer_ui::{DocumentLine, Facts, KeyLine, Look, NameLine, NewPassword, Part, Pin, Sign, SignWindow, Words};
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
    album: RefCell<Album>,
    room_changes: Timer,
    /// Whether XML is shown as it is hashed, and not laid out.
    as_hashed: Cell<bool>,
    /// Whether the document is being brought in sight.
    brings_document: Cell<bool>,
    /// The lines of the list of keys, and which rows they are of.
    lines: Rc<VecModel<KeyLine>>,
    shown: RefCell<Vec<RowId>>,
    question: QuestionWords,
    /// What a file chooser is opened for.
    wanted: Wanted,
    /// `None` once the last event was sent.
    heard: RefCell<Option<Heard>>,
    keyboard: Option<Rc<Keyboard>>,
    reading: RefCell<Reading>,
    glance: Timer,
    goodbye: Timer,
    /// Whether there are red sentences that must be seen before anything is typed.
    warns: bool,
    /// What the person fills in.
    filling: Option<form::Filling>,
    /// Where the button that says no leads.
    refuses: Refusal,
    /// Whether the link undoes what was done.
    undoes: bool,
    /// Whether a row whose file is not there may be taken off the list.
    may_forget: bool,
    was_shown: Cell<bool>,
    was_touched: Cell<bool>,
    /// It wanted to be taller while something was going on.
    growth_waits: Cell<bool>,
    /// Which field, or the list, had the focus before the mouse moved, and what lost it to that alone.
    focus_before: Cell<Option<Focus>>,
    lost_focus: Cell<Option<Focus>>,
    chooser_is_open: Cell<bool>,
}

/// Where the button that says no leads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Refusal {
    /// Out of it.
    Away,
    /// To the window before.
    Back,
}

impl Refusal {
    fn of(view: &View) -> Self {
        match (&view.asker, &view.question) {
            (
                Asker::Yourself,
                Question::NewKey { .. } | Question::Revoke | Question::Care(Care::Renew | Care::Backup { .. }),
            ) => Self::Back,
            _ => Self::Away,
        }
    }
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
        let question = words::asked(&texts, &view.asker, &view.question);
        let who = words::who(&texts, &view.asker, &question);
        let warns = !view.warnings.is_empty() || !who.alarms.is_empty() || question.tone == Tone::Alarm;
        let has_facts = !question.facts.is_empty();
        let wanted = match &view.question {
            Question::ChooseFile { extension, folder, .. } => Wanted::any(extension, folder),
            Question::NewKey { file, .. } | Question::Care(Care::Backup { file }) => Wanted::New(file.clone()),
            _ => Wanted::Key,
        };
        let inner = Rc::new(Inner {
            id,
            ui: ui.as_weak(),
            texts,
            state: RefCell::new(State::new(&view.question, view.keys.clone())),
            documents,
            album: RefCell::default(),
            room_changes: Timer::default(),
            as_hashed: Cell::new(false),
            brings_document: Cell::new(false),
            lines: Rc::default(),
            shown: RefCell::default(),
            question,
            wanted,
            heard: RefCell::new(Some(heard)),
            keyboard,
            reading: RefCell::default(),
            glance: Timer::default(),
            goodbye: Timer::default(),
            warns,
            filling: form::Filling::of(&view.question),
            refuses: Refusal::of(view),
            undoes: matches!(view.question, Question::Done(_)),
            may_forget: !matches!(
                view.question,
                Question::Install { .. } | Question::Lost { .. } | Question::Revoke | Question::Care(_)
            ),
            was_shown: Cell::new(false),
            was_touched: Cell::new(false),
            growth_waits: Cell::new(false),
            focus_before: Cell::new(None),
            lost_focus: Cell::new(None),
            chooser_is_open: Cell::new(false),
        });
        ui.global::<Look>().set_more_contrast(more_contrast);
        inner.say_words(&ui);
        inner.say_request(&ui, view, &who);
        ui.set_keys(ModelRc::from(inner.lines.clone()));
        inner.say_looking(&ui, view.looking);
        inner.say_keys(&ui);
        inner.show_form(&ui);
        inner.refresh(&ui);
        // What must be seen before anything is typed; where a file must be found, that comes before what was asked for.
        ui.set_held(warns || has_facts && inner.state.borrow().resting_focus() != Focus::OtherFile);
        ties::tie(&ui, &inner);
        inner.tie_picture(&ui);
        form::tie(&ui, &inner);
        match ui.show() {
            Ok(()) => {
                // A picture beside a name that nobody vouches for, or beside a warning, could only mislead.
                if let Some(png) = &view.logo
                    && who.trust == Trust::Verified
                    && !inner.warns
                {
                    logo::draw(png.clone(), move |drawing| stage::post(Command::Logo(id, drawing)));
                }
                Ok(Self { ui, inner })
            }
            Err(error) => {
                let heard = inner.heard.take();
                Err((error, heard.unwrap_or_else(|| Box::new(|_| {}))))
            }
        }
    }

    pub(super) fn show_keys(&self, keys: Vec<KeyRow>, focus: Option<RowId>) {
        let rest = self.inner.choosing(&self.ui, |state| state.show_keys(keys, focus, Instant::now()));
        self.inner.say_keys(&self.ui);
        self.inner.refresh(&self.ui);
        self.inner.focus_for_sure(rest);
    }

    pub(super) fn update_keys(&self, keys: Vec<KeyRow>, looking: Looking) {
        let touched = if self.inner.was_touched.get() { Touched::Yes } else { Touched::NotYet };
        let typed = deciding::typed(&self.ui);
        let had = self.inner.state.borrow().chosen_index().is_some();
        let rest = self.inner.choosing(&self.ui, |state| state.update_keys(keys, touched, typed, Instant::now()));
        self.inner.say_looking(&self.ui, looking);
        self.inner.say_keys(&self.ui);
        if had && self.inner.state.borrow().chosen_index().is_none() {
            // It was for a place that is not there any more, and is for no other one.
            self.inner.forget_password(&self.ui);
        }
        self.inner.refresh(&self.ui);
        if let Some(rest) = rest {
            self.inner.focus_for_sure(rest);
        }
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
        if !self.inner.state.borrow_mut().page_gone(Instant::now()) {
            return;
        }
        self.inner.forget_password(&self.ui);
        self.inner.say_who_is_gone(&self.ui);
        self.inner.refresh(&self.ui);
        self.ui.invoke_focus_close();
        // Whoever listens hears until the window ends: it may be told that this requester is not to be heard again.
        self.inner.say_goodbye();
    }

    pub(super) fn picked(&self, picked: Picked) {
        self.inner.picked(picked);
    }

    /// The picture that the site sent was drawn.
    pub(super) fn show_logo(&self, drawing: &Drawing) {
        self.ui.set_logo(picture::image_of(drawing));
        self.ui.set_has_logo(true);
    }

    /// A document was drawn, or was not.
    pub(super) fn show_picture(&self, wish: Wish, answer: Option<Answer>) {
        self.inner.drew(&self.ui, wish, answer);
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

impl Inner {
    fn say(&self, event: Event) {
        if let Some(heard) = &*self.heard.borrow() {
            heard(event);
        }
    }

    /// Closes after a moment, unless the person is busy here.
    fn say_goodbye(&self) {
        let id = self.id;
        self.goodbye.start(TimerMode::SingleShot, GOODBYE, move || stage::post(Command::Left(id)));
    }

    /// Says the last word and closes.
    fn end(&self, event: Event) {
        if self.state.borrow_mut().cancel() {
            self.say(event);
        }
        self.leave();
    }

    /// Closes.
    fn leave(&self) {
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
            inner.look(&ui);
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
            ui.global::<NewPassword>().set_revealed(false);
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

    /// Now, and once more when it was drawn: the field that had the focus may go with the next picture, and on a busy
    /// computer takes the focus along that was given before.
    fn focus_for_sure(self: &Rc<Self>, focus: Focus) {
        self.focus(focus);
        self.bring_in_sight(focus);
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
        self.forget_loss();
        if let Some(ui) = self.ui.upgrade() {
            match focus {
                Focus::Password => ui.invoke_focus_password(),
                Focus::Repetition => {
                    let new = ui.global::<NewPassword>();
                    new.set_wants_focus(true);
                    new.set_called(new.get_called() + 1);
                }
                Focus::Keys => ui.invoke_focus_keys(),
                Focus::OtherFile if ui.get_may_add() => ui.invoke_focus_other_file(),
                // There is no other file, and nothing else to do here.
                Focus::OtherFile | Focus::Refuse => ui.invoke_focus_refuse(),
                Focus::Primary => ui.invoke_focus_primary(),
                Focus::Form => self.focus_form(&ui),
                Focus::Understanding => {
                    let pin = ui.global::<Pin>();
                    pin.set_called(pin.get_called() + 1);
                }
            }
        }
    }
}

mod deciding;
mod form;
mod picture;
mod showing;
mod sizing;
mod ties;
