//! How large a window is and which part of it is in sight, on screens that do not show all of it.

use super::*;
use signer_ui::Form;
use slint::{LogicalSize, PhysicalSize};

/// How much of the screen's height a window takes at most; the rest is for its frame and the desktop's panels.
const SHARE_OF_SCREEN: f32 = 0.9;

/// How wide a window is where the screen allows it, in logical pixels; as `preferred-width` in `sign.slint`. The toolkit
/// makes a window before it knows the screen's scale, and the window comes out too narrow on a scaled one.
const WIDTH: f32 = 660.0;

/// A screen that gives a window less height than this, in logical pixels, gets the compact one.
const SMALL_SCREEN: f32 = 460.0;

impl Inner {
    /// Makes the window as tall as its content wants, when the screen has room. It never shrinks under the person's hand.
    pub(super) fn grow(&self, ui: &SignWindow) {
        if matches!(
            self.state.borrow().phase(),
            Phase::Busy(Busy::Opening | Busy::Signing | Busy::Making | Busy::Installing)
        ) {
            // Not for the moment that signing takes.
            return;
        }
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
        let height = ui.get_wanted_height().max(here.height).min(highest);
        let width = here.width.max(WIDTH).min(screen.width * 0.97);
        if (height - here.height).abs() > 1.0 || (width - here.width).abs() > 1.0 {
            // In physical pixels: logical ones are counted with the screen's own scale, whatever `SLINT_SCALE_FACTOR`
            // says.
            window.set_size(LogicalSize::new(width, height).to_physical(scale));
        }
        if self.status_is_about_the_end() {
            // What is said may have pushed the field, or the button, out of sight.
            ui.invoke_show_end();
        }
    }

    /// Until the person does something, what must be seen first is kept in sight: the warnings and what a certificate will
    /// say where there is any of that, else what will be typed into. For when the window has another size or the focus went somewhere.
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
            if inner.status_is_about_the_end() {
                ui.invoke_show_end();
            } else if inner.is_read_first {
                ui.invoke_show_start();
            } else if inner.state.borrow().resting_focus() == Focus::Password {
                ui.invoke_show_end();
            }
        });
    }

    /// A key was pressed and the toolkit has not had it yet. It gives none to a field that is scrolled out of sight, though
    /// the focus is there: what a person types after reading a warning would be lost.
    ///
    /// Letters that no field takes are meant for somebody else: for the window that had the focus before. The person does
    /// not look here, and the Enter that ends what they type must not decide anything.
    pub(super) fn key_comes(&self, event: &winit::event::KeyEvent) {
        self.was_touched.set(true);
        if event.state.is_pressed() && !keyboard::moves_or_presses(&event.logical_key) && !self.field_has_focus() {
            self.state.borrow_mut().stray_key(Instant::now());
        }
        if self.state.borrow().phase() == Phase::Gone {
            // On the way to the other button.
            self.say_goodbye();
        }
        if let Some(ui) = self.ui.upgrade()
            && self.filling.is_some()
        {
            let form = ui.global::<Form>();
            form.set_seen(form.get_seen() + i32::from(form.get_focused() >= 0));
        }
        if let Some(ui) = self.ui.upgrade()
            && (ui.get_password_focused() || ui.global::<NewPassword>().get_focused())
        {
            ui.invoke_show_end();
        }
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

    /// Whether what is said beside the buttons is about the password or another file, which stand just above.
    fn status_is_about_the_end(&self) -> bool {
        matches!(
            self.state.borrow().status(),
            Status::Missing(Missing::Password | Missing::Repetition | Missing::Agreement | Missing::Understanding)
                | Status::Problem(Problem::WrongPassword | Problem::WrongPin(_) | Problem::CannotOpen(_))
        )
    }
}
