//! Ties what the person does to what follows from it.

use super::*;

/// Registers what is called when.
pub(super) fn tie(ui: &SignWindow, inner: &Rc<Inner>) {
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
    on!(on_choose_document, |inner, ui, index| inner.choose_document(&ui, index));
    on!(on_look_otherwise, |inner, ui| {
        inner.as_hashed.set(!inner.as_hashed.get());
        inner.say_document(&ui, ui.get_chosen_document());
    });
    on!(on_choose_key, |inner, ui, index, by_mouse| inner.choose_key(&ui, index, by_mouse));
    on!(on_step_key, |inner, ui, by| inner.step_key(&ui, by));
    on!(on_forget_key, |inner, _ui, index| inner.forget_key(index));
    on!(on_choose_file, |inner, _ui| inner.choose_file());
    on!(on_type_path, |inner, ui| inner.open_path(&ui));
    on!(on_add_path, |inner, ui, path| {
        if let Some(path) = desktop::typed_path(&path) {
            inner.take_file(&ui, path);
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
    on!(on_press_refuse, |inner, _ui| inner.press_refuse());
    on!(on_stray_key, |inner, _ui| inner.state.borrow_mut().stray_key(Instant::now()));
    on!(on_press_enter, |inner, ui| inner.press_enter(&ui));
    on!(on_press_understood, |inner, ui| inner.press_understood(&ui));
    ui.global::<Pin>().on_press_understood({
        let inner = inner.clone();
        move || {
            if let Some(ui) = inner.ui.upgrade() {
                inner.press_understood(&ui);
            }
        }
    });
    ui.global::<NewPassword>().on_edited({
        let inner = inner.clone();
        move || {
            if let Some(ui) = inner.ui.upgrade()
                && inner.state.borrow_mut().password_edited()
            {
                inner.refresh(&ui);
            }
        }
    });
    on!(on_press_always, |inner, _ui| inner.press_always());
    on!(on_press_block, |inner, _ui| inner.press_block());
    on!(on_press_allow, |inner, ui| inner.press_allow(&ui));
    on!(on_grown, |inner, ui| inner.grow(&ui));
    on!(on_leave, |inner, _ui| inner.leave());
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
            inner.watch_focus(event);
            match event {
                winit::event::WindowEvent::Focused(true) => inner.came_to_front(),
                winit::event::WindowEvent::Focused(false) => inner.went_to_back(),
                winit::event::WindowEvent::RedrawRequested => inner.seen(),
                winit::event::WindowEvent::Resized(_) => inner.resized(),
                winit::event::WindowEvent::KeyboardInput { event, .. } => {
                    inner.key_comes(event);
                    if inner.escapes(event) {
                        return EventResult::PreventDefault;
                    }
                }
                // Somebody else took it off the screen (another X client may): as good as closed by the person, and the
                // next request opens a new one.
                winit::event::WindowEvent::Destroyed => inner.cancel(),
                winit::event::WindowEvent::MouseWheel { .. } => {
                    inner.touched();
                    inner.brings_document.set(false);
                }
                winit::event::WindowEvent::MouseInput { .. } | winit::event::WindowEvent::Touch(_) => {
                    inner.touched();
                    inner.forget_loss();
                }
                _ => {}
            }
            EventResult::Propagate
        }
    });
}
