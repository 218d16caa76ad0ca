//! How large a window is and which part of it is in sight, on screens that do not show all of it.

use super::*;
use signer_ui::{Form, Picture};
use slint::{LogicalSize, PhysicalSize};

/// How much of the screen's height a window takes at most; the rest is for its frame and the desktop's panels.
const SHARE_OF_SCREEN: f32 = 0.9;

/// How wide a window is where the screen allows it, in logical pixels; as `preferred-width` in `sign.slint`. The toolkit
/// makes a window before it knows the screen's scale, and the window comes out too narrow on a scaled one.
const WIDTH: f32 = 660.0;

/// A screen that gives a window less height than this, in logical pixels, gets the compact one.
const SMALL_SCREEN: f32 = 460.0;

/// How much of the highest window the content of a document takes, and how tall it is at least and at most, in logical
/// pixels: enough to read a page in, and never all of the window.
const SHARE_OF_PREVIEW: f32 = 0.5;
const LOWEST_PREVIEW: f32 = 150.0;
const HIGHEST_PREVIEW: f32 = 480.0;

impl Inner {
    /// Makes the window as tall as its content wants, when the screen has room. It never shrinks under the person's hand.
    pub(super) fn grow(&self, ui: &SignWindow) {
        if matches!(
            self.state.borrow().phase(),
            Phase::Busy(Busy::Opening | Busy::Signing | Busy::Making | Busy::Installing | Busy::Writing)
        ) {
            // Not for the moment that signing takes; what is said afterwards may be as tall as what is said meanwhile.
            self.growth_waits.set(true);
            return;
        }
        self.growth_waits.set(false);
        let window = ui.window();
        let screen =
            window.with_winit_window(|window| window.current_monitor().map(|monitor| monitor.size())).flatten();
        let Some(screen) = screen else {
            return;
        };
        let scale = window.scale_factor();
        let here = window.size().to_logical(scale);
        let screen = PhysicalSize::new(screen.width, screen.height).to_logical(scale);
        let highest = screen.height * SHARE_OF_SCREEN;
        ui.set_small_screen(highest < SMALL_SCREEN);
        ui.global::<Picture>().set_tall((highest * SHARE_OF_PREVIEW).clamp(LOWEST_PREVIEW, HIGHEST_PREVIEW));
        let height = ui.get_wanted_height().max(here.height).min(highest);
        let width = here.width.max(WIDTH).min(screen.width * 0.97);
        if (height - here.height).abs() > 1.0 || (width - here.width).abs() > 1.0 {
            // In physical pixels: logical ones are counted with the screen's own scale, whatever `SLINT_SCALE_FACTOR`
            // says.
            window.set_size(LogicalSize::new(width, height).to_physical(scale));
        }
        if let Some(part) = self.part_of_status() {
            // What is said may have pushed the field, or the button, out of sight.
            ui.invoke_bring(part);
        }
    }

    /// The window has another size.
    pub(super) fn resized(self: &Rc<Self>) {
        self.keep_in_sight();
        let inner = Rc::downgrade(self);
        // After it was laid out.
        Timer::single_shot(DRAWN, move || {
            if let Some(inner) = inner.upgrade() {
                inner.give_seen_focus_back();
            }
        });
    }

    /// Until the person does something, what must be seen first is kept in sight: the warnings and what a certificate will
    /// say where there is any of that, else what the focus is on. For when the window has another size or the focus went
    /// somewhere.
    pub(super) fn keep_in_sight(self: &Rc<Self>) {
        if self.was_touched.get() {
            return;
        }
        let inner = self.clone();
        // After the new size was laid out.
        Timer::single_shot(Duration::ZERO, move || {
            let Some(ui) = inner.ui.upgrade() else {
                return;
            };
            let rest = inner.state.borrow().resting_focus();
            let first = ui.get_held().then_some(Part::Start);
            if let Some(part) = inner.part_of_status().or(first).or_else(|| part_of(rest)) {
                ui.invoke_bring(part);
            }
        });
    }

    /// Brings into sight what the focus went to, together with the chosen key where there is room for both; once more when
    /// it was drawn, for what comes with the next picture lies nowhere yet.
    pub(super) fn bring_in_sight(self: &Rc<Self>, focus: Focus) {
        let Some(part) = part_of(focus) else { return };
        for delay in [Duration::ZERO, DRAWN] {
            let inner = Rc::downgrade(self);
            Timer::single_shot(delay, move || {
                let Some(inner) = inner.upgrade() else { return };
                if let Some(ui) = inner.ui.upgrade()
                    && (!ui.get_held() || inner.part_of_status().is_some())
                {
                    ui.invoke_bring(part);
                }
            });
        }
    }

    /// The person does something: what was to be read first is held in sight no longer.
    pub(super) fn touched(&self) {
        self.was_touched.set(true);
        if let Some(ui) = self.ui.upgrade() {
            ui.set_held(false);
        }
    }

    /// A key was pressed and the toolkit has not had it yet. It gives none to a field or a row that is scrolled out of sight,
    /// though the focus is there: what a person types after reading a warning would be lost.
    ///
    /// Letters that no field takes are meant for somebody else: for the window that had the focus before. The person does
    /// not look here, and the Enter that ends what they type must not decide anything.
    pub(super) fn key_comes(self: &Rc<Self>, event: &winit::event::KeyEvent) {
        // Before what was held moves.
        self.give_focus_back_for(event);
        self.touched();
        if event.state.is_pressed() {
            self.brings_document.set(false);
        }
        if event.state.is_pressed() && !keyboard::moves_or_presses(&event.logical_key) && !self.field_has_focus() {
            self.state.borrow_mut().stray_key(Instant::now());
        }
        if self.state.borrow().phase() == Phase::Gone {
            // On the way to the other button.
            self.say_goodbye();
        }
        if let Some(ui) = self.ui.upgrade() {
            let form = ui.global::<Form>();
            if form.get_focused() >= 0 {
                form.set_seen(form.get_seen() + 1);
            } else if ui.get_path_open() && ui.get_path_focused() {
                ui.invoke_bring(Part::Path);
            } else if ui.get_password_focused() || ui.global::<NewPassword>().get_focused() {
                ui.invoke_bring(Part::Secret);
            } else if ui.get_keys_focused() {
                ui.invoke_bring(Part::Key);
            }
        }
    }

    /// The toolkit takes the focus from what is not in sight as soon as the mouse moves, or something moves below it.
    /// Called before it has an event: notes who has the focus, and what the event before took.
    pub(super) fn watch_focus(self: &Rc<Self>, event: &winit::event::WindowEvent) {
        self.notice_loss();
        if matches!(
            event,
            winit::event::WindowEvent::CursorMoved { .. }
                | winit::event::WindowEvent::CursorEntered { .. }
                | winit::event::WindowEvent::CursorLeft { .. }
                | winit::event::WindowEvent::MouseWheel { .. }
        ) && let Some(focus) = self.focus_of_fields()
        {
            self.focus_before.set(Some(focus));
            let inner = Rc::downgrade(self);
            // When no other event comes: who has lost the focus is told a little later. What has it by then has it because
            // somebody gave it.
            Timer::single_shot(DRAWN, move || {
                if let Some(inner) = inner.upgrade() {
                    inner.notice_loss();
                    inner.focus_before.set(None);
                    inner.give_seen_focus_back();
                }
            });
        }
    }

    fn notice_loss(&self) {
        if !self.field_has_focus() && self.focus_of_fields().is_none() {
            let before = self.focus_before.take();
            self.lost_focus.set(before.or(self.lost_focus.get()));
        }
    }

    /// What was lost to the toolkit, or is on its way, stays lost: somebody gave the focus to something else.
    pub(super) fn forget_loss(&self) {
        self.focus_before.set(None);
        self.lost_focus.set(None);
    }

    /// Which of the parts that a key is meant for has the focus.
    fn focus_of_fields(&self) -> Option<Focus> {
        let ui = self.ui.upgrade()?;
        let new = ui.global::<NewPassword>();
        if new.get_asked() && new.get_focused() {
            Some(Focus::Repetition)
        } else if ui.get_asks_password() && ui.get_password_focused() {
            Some(Focus::Password)
        } else if ui.get_keys_focused() {
            Some(Focus::Keys)
        } else {
            None
        }
    }

    /// Gives the focus back that was lost only because it was not in sight, where it is in sight again.
    fn give_seen_focus_back(&self) {
        let Some(ui) = self.ui.upgrade() else { return };
        let is_seen = self.lost_focus.get().is_some_and(|focus| match focus {
            Focus::Password => ui.invoke_sees_field(),
            Focus::Repetition => ui.invoke_sees_repetition(),
            _ => ui.invoke_sees_key(),
        });
        if is_seen {
            self.give_focus_back();
        }
    }

    /// The same for a key that means it, wherever it is: before the toolkit has that key.
    fn give_focus_back_for(self: &Rc<Self>, event: &winit::event::KeyEvent) {
        if keyboard::is_tab(&event.logical_key) {
            // The person goes elsewhere.
            self.forget_loss();
        }
        if event.state.is_pressed()
            && let Some(focus) = self.give_focus_back()
        {
            self.bring_in_sight(focus);
        }
    }

    fn give_focus_back(&self) -> Option<Focus> {
        if self.field_has_focus() || self.focus_of_fields().is_some() {
            return None;
        }
        let lost = self.lost_focus.take().filter(|_| self.state.borrow().phase() == Phase::Asking)?;
        self.focus(lost);
        Some(lost)
    }

    fn field_has_focus(&self) -> bool {
        self.ui.upgrade().is_some_and(|ui| {
            // A field that is not there any more does not say that it has lost the focus.
            let new = ui.global::<NewPassword>();
            (ui.get_asks_password() && ui.get_password_focused())
                || (new.get_asked() && new.get_focused())
                || (ui.get_path_open() && ui.get_path_focused())
                || ui.global::<Form>().get_focused() >= 0
        })
    }

    /// What of the content it is about that is said beside the buttons.
    fn part_of_status(&self) -> Option<Part> {
        match self.state.borrow().status() {
            Status::Missing(Missing::Password | Missing::Repetition | Missing::Agreement | Missing::Understanding)
            | Status::Problem(Problem::WrongPassword | Problem::WrongPin(_)) => Some(Part::Secret),
            Status::Problem(Problem::CannotOpen(_)) => Some(Part::OtherFile),
            Status::Missing(Missing::Key | Missing::Token) => Some(Part::Key),
            Status::Problem(Problem::CannotSign(_) | Problem::Token(_)) | Status::Quiet => None,
        }
    }
}

/// What must be in sight where the focus is there.
fn part_of(focus: Focus) -> Option<Part> {
    match focus {
        // Also where nothing is typed: that a PIN is typed at the reader must be read.
        Focus::Password | Focus::Repetition | Focus::Understanding | Focus::Primary => Some(Part::Secret),
        Focus::Keys => Some(Part::Key),
        Focus::OtherFile => Some(Part::OtherFile),
        // A field of a form brings itself.
        Focus::Refuse | Focus::Form => None,
    }
}
