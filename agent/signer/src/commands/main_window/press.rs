//! What the buttons of the main window do, part by part.

use super::{Main, Part, about, beside, keys, settings, shown};
use crate::{
    carry_out::{Draft, Wish},
    commands::Context,
    life::blocked,
    window::{self, Choice, MainAction, MainNote, clean},
};
use std::path::PathBuf;
use texts::Value;

impl Main {
    /// A button of this row, or of the page where it is empty, with what was typed for it.
    pub(super) fn press(&mut self, row: &str, action: &str, text: &str) {
        if action == "stop" {
            return self.press_stop();
        }
        let Some(context) = self.context() else { return };
        match (self.part, action) {
            (_, "undo") => self.take_back(&context),
            (Part::Keys, _) => self.press_key(&context, row, action),
            (Part::Files, _) => self.press_file(&context, row, action),
            (Part::Journal, "check") => self.ask_beside(beside::Why::Change, &command(["journal", "check"])),
            (Part::Sites, "forget") => {
                if let Some(forget) = self.sites.forgetting(row) {
                    self.ask_beside(beside::Why::Change, &forget);
                }
            }
            (Part::Check, _) => self.press_check(&context, row, action),
            (Part::Settings, "on" | "off") if row == settings::AUTOSTART => {
                self.ask_beside(beside::Why::Change, &command(["autostart", action]));
            }
            (Part::Settings, _) => {
                let said = settings::change(&context, row, action, text);
                // In the language that holds now.
                self.tell(said);
                self.show();
            }
            (Part::About, "log-save") => self.ask_beside(beside::Why::Change, &about::About::saving(&context)),
            (Part::About, "log-all" | "log-grave" | "log-read") => {
                if action != "log-read" {
                    self.about.show_only_grave(action == "log-grave");
                }
                self.refresh();
            }
            (Part::Journal | Part::Sites | Part::About, _) => {}
        }
    }

    /// Gives up what is being done, or what was about to be.
    fn press_stop(&mut self) {
        if self.is_looking()
            && let Some(context) = self.context()
        {
            self.check.give_up(&context);
        }
        self.mending = None;
        self.stop_task();
        self.window.say(MainNote::default());
        self.show();
    }

    fn press_key(&mut self, context: &Context, row: &str, action: &str) {
        match action {
            "request" => self.fulfil(context, Wish::Request(Draft::default())),
            "import" => self.fulfil(context, Wish::Import(None)),
            "lost" => self.fulfil(context, Wish::Lost(blocked::Why::Lost)),
            "add" => {
                let title = context.texts.text("main-keys-add");
                if let Some(path) = self.chosen(context, window::pick_key_file(&title, &context.texts)) {
                    self.add_key(context, &path);
                }
            }
            "read" | "password" | "backup" | "modernise" => {
                match keys::file_of(context, row).and_then(|path| keys::wish(action, path)) {
                    Some(wish) => self.fulfil(context, wish),
                    None => {
                        self.tell(Err(context.texts.text("main-gone")));
                        self.show();
                    }
                }
            }
            "export" => self.tell(keys::export(context, &self.snapshot(), row)),
            "forget" => {
                match keys::forget(context, row) {
                    Ok(forgotten) => {
                        let text = context.say("main-forgotten", &[("file", Value::Text(&forgotten.shown()))]);
                        self.undo = Some(forgotten);
                        let actions = vec![MainAction::new("undo", context.texts.text("main-undo"))];
                        self.window.say(MainNote { text, alarms: false, actions });
                    }
                    Err(what) => self.tell(Err(what)),
                }
                self.show();
            }
            _ => {}
        }
    }

    fn press_file(&mut self, context: &Context, row: &str, action: &str) {
        match (action, self.files.path(row)) {
            ("choose", _) => {
                let title = context.texts.text("main-files-choose");
                if let Some(path) = self.chosen(context, window::pick_any_file(&title, &context.texts)) {
                    self.open = self.files.take(vec![path]);
                }
                self.show();
            }
            ("sign", Some(path)) => {
                let done = self.fulfil_one(context, Wish::Sign(path));
                self.files.signed(row, &done);
                self.show();
            }
            ("verify", Some(path)) => {
                let verify = ["verify".into(), "--".into(), path.clone().into_os_string()];
                self.ask_beside(beside::Why::Verify(row.to_owned()), &verify);
                let text = context.say("main-files-verifying", &[("file", Value::Text(&clean(&shown(&path))))]);
                self.wait_for(context, text);
            }
            ("away", _) => {
                self.files.put_away(row);
                self.show();
            }
            _ => {}
        }
    }

    fn press_check(&mut self, context: &Context, row: &str, action: &str) {
        let text_of = |id: &str| context.texts.text(id);
        match action {
            "again" => {
                self.check.forget();
                self.refresh();
            }
            "report" => {
                self.ask_beside(beside::Why::Report, &command(["doctor", "--report"]));
                self.wait_for(context, text_of("main-check-looking"));
            }
            "mend" => {
                if let Some((mending, text)) = self.check.fix(row) {
                    let actions = vec![
                        MainAction::new("stop", text_of("window-cancel")),
                        MainAction::new("mend-now", text_of("main-check-mend")),
                    ];
                    self.mending = Some(mending);
                    self.window.say(MainNote { text, alarms: false, actions });
                }
            }
            "mend-now" => {
                if let Some(mending) = self.mending.take() {
                    self.ask_beside(beside::Why::Mend, &mending.command());
                    self.wait_for(context, text_of("main-check-mending"));
                }
            }
            _ => {}
        }
    }

    /// The file that was chosen; where the desktop has no window for choosing, that is said.
    fn chosen(&self, context: &Context, choice: Choice) -> Option<PathBuf> {
        match choice {
            Choice::File(path) => Some(path),
            Choice::Nothing => None,
            Choice::NoChooser => {
                self.tell(Err(context.texts.text("main-files-no-chooser")));
                None
            }
        }
    }
}

fn command<const N: usize>(words: [&str; N]) -> [String; N] {
    words.map(str::to_owned)
}
