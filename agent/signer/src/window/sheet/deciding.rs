//! What the person decides, and the files that they choose.

use super::*;

impl Inner {
    pub(super) fn choose_key(self: &Rc<Self>, ui: &SignWindow, index: i32, by_mouse: bool) {
        let index = usize::try_from(index).ok();
        let chosen = self.choosing(ui, |state| index.is_some_and(|index| state.choose(index)));
        if !chosen {
            return;
        }
        let rest = self.state.borrow().resting_focus();
        if by_mouse {
            self.focus(rest);
        }
        self.bring_in_sight(if by_mouse { rest } else { Focus::Keys });
    }

    /// Goes to the next row that can be chosen.
    pub(super) fn step_key(self: &Rc<Self>, ui: &SignWindow, by: i32) {
        if self.choosing(ui, |state| state.step(by)) {
            self.bring_in_sight(Focus::Keys);
        }
    }

    /// Has another row chosen. What was typed for one token goes to no other place, nor the other way round.
    pub(super) fn choosing<T>(&self, ui: &SignWindow, choose: impl FnOnce(&mut State) -> T) -> T {
        let before = self.state.borrow().chosen_place();
        let chosen = choose(&mut self.state.borrow_mut());
        if self.state.borrow().is_another_secret(before.as_ref()) {
            self.forget_password(ui);
        }
        self.refresh(ui);
        chosen
    }

    pub(super) fn forget_key(&self, index: i32) {
        let row = usize::try_from(index).ok().and_then(|index| self.state.borrow().forget(index));
        if let Some(row) = row {
            self.say(Event::Forget(row));
        }
    }

    pub(super) fn press_primary(self: &Rc<Self>, ui: &SignWindow) {
        let pressed = self.state.borrow_mut().press_primary(Instant::now(), typed(ui));
        self.pressed(ui, pressed);
    }

    pub(super) fn press_enter(self: &Rc<Self>, ui: &SignWindow) {
        let pressed = self.state.borrow_mut().press_enter(Instant::now(), typed(ui));
        self.pressed(ui, pressed);
    }

    fn pressed(self: &Rc<Self>, ui: &SignWindow, pressed: Pressed) {
        match pressed {
            Pressed::Ignored => {}
            Pressed::Missing(missing) => {
                self.refresh(ui);
                let focus = match missing {
                    Missing::Key => self.state.borrow().focus_for_choosing(),
                    Missing::Password => Focus::Password,
                    Missing::Repetition => Focus::Repetition,
                    Missing::Agreement => {
                        // Nobody knows which of them was mistyped.
                        self.forget_password(ui);
                        Focus::Password
                    }
                    Missing::Token => self.state.borrow().resting_focus(),
                    Missing::Understanding => Focus::Understanding,
                };
                self.focus(focus);
                self.bring_in_sight(focus);
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
                if let Some(filling) = &self.filling {
                    self.say(Event::Filled(filling.filled()));
                }
                self.say(Event::Decide { row, password });
            }
            Pressed::Agreed => match &self.filling {
                Some(filling) => self.try_form(ui, filling),
                None => self.end(Event::Agree),
            },
            Pressed::Choose => self.choose_file(),
        }
    }

    /// Whether a key is Escape, which is a no wherever the focus is, also where nothing has it: the toolkit would not hear it
    /// then.
    pub(super) fn escapes(&self, event: &winit::event::KeyEvent) -> bool {
        let escapes = event.state.is_pressed() && keyboard::is_escape(&event.logical_key);
        if escapes && self.state.borrow().phase() == Phase::Gone {
            self.leave();
        } else if escapes {
            self.cancel();
        }
        escapes
    }

    /// The button that says no.
    pub(super) fn press_refuse(&self) {
        let heard = self.state.borrow_mut().press_refuse(Instant::now());
        match self.refuses {
            Refusal::Back if heard => self.end(Event::Back),
            Refusal::Away if heard => self.cancel(),
            _ => {}
        }
    }

    /// The box that says what a yes means.
    pub(super) fn press_understood(&self, ui: &SignWindow) {
        if self.state.borrow_mut().understand(Instant::now()) {
            self.refresh(ui);
        }
    }

    pub(super) fn press_always(&self) {
        let heard = self.state.borrow_mut().hears_site_choice(Instant::now());
        if heard {
            self.end(if self.undoes { Event::Undo } else { Event::AgreeAlways });
        }
    }

    pub(super) fn press_block(&self) {
        let heard = self.state.borrow_mut().block(Instant::now());
        if heard {
            self.say(Event::BlockSite);
            self.leave();
        }
    }

    pub(super) fn press_allow(&self, ui: &SignWindow) {
        let heard = self.state.borrow_mut().hears_site_choice(Instant::now());
        if heard {
            ui.set_site_allowed(true);
            self.say(Event::AllowSite);
        }
    }

    /// Empties the field. The toolkit's own copies (its undo list among them) are freed with it, not wiped: that is the
    /// allocator's part.
    pub(super) fn forget_password(&self, ui: &SignWindow) {
        ui.set_password(SharedString::default());
        let new = ui.global::<NewPassword>();
        new.set_repeated(SharedString::default());
        new.set_revealed(false);
        ui.set_password_revealed(false);
        ui.set_password_hint(SharedString::default());
    }

    pub(super) fn choose_file(self: &Rc<Self>) {
        if self.state.borrow().phase() != Phase::Asking || self.chooser_is_open.replace(true) {
            return;
        }
        let words = ChooserWords {
            title: self.texts.text(match self.wanted {
                Wanted::Key => "window-choose-key-file",
                Wanted::New(_) => "window-choose-place-title",
                Wanted::Any { .. } => "window-choose-file-title",
            }),
            key_files: self.texts.text("window-key-files"),
            all_files: self.texts.text("window-all-files"),
        };
        let wanted = self.wanted.clone();
        let id = self.id;
        let started = std::thread::Builder::new()
            .name("file chooser".to_owned())
            .spawn(move || stage::post(Command::Picked(id, desktop::pick_file(&wanted, &words))));
        if started.is_err() {
            self.picked(Picked::NoChooser);
        }
    }

    pub(super) fn picked(&self, picked: Picked) {
        self.chooser_is_open.set(false);
        let Some(ui) = self.ui.upgrade() else {
            return;
        };
        match picked {
            Picked::File(path) => self.take_file(&ui, path),
            Picked::Nothing => {}
            Picked::NoChooser => self.open_path(&ui),
        }
    }

    pub(super) fn open_path(&self, ui: &SignWindow) {
        ui.set_path_open(true);
        ui.invoke_focus_path();
    }

    /// A file that was chosen or whose path was typed.
    pub(super) fn take_file(&self, ui: &SignWindow, path: std::path::PathBuf) {
        match self.wanted {
            Wanted::Key | Wanted::New(_) => self.add_file(ui, path),
            Wanted::Any { .. } => self.end(Event::Chosen(path)),
        }
    }

    fn add_file(&self, ui: &SignWindow, path: std::path::PathBuf) {
        if self.state.borrow_mut().add_file() {
            ui.set_path(SharedString::default());
            ui.set_path_open(false);
            self.refresh(ui);
            self.say(Event::AddFile(path));
        }
    }
}

pub(super) fn typed(ui: &SignWindow) -> Typed {
    let (password, repeated) = (ui.get_password(), ui.global::<NewPassword>().get_repeated());
    match (password.is_empty(), repeated.is_empty()) {
        (true, _) => Typed::Nothing,
        // Where there is no second field, nobody asks.
        (false, true) => Typed::Once,
        (false, false) if password != repeated => Typed::Differently,
        (false, false) => Typed::Something,
    }
}
