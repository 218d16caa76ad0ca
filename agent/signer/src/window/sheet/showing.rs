//! Putting words and state onto the component.

use super::*;
use crate::window::model::{Place, Share};
use signer_ui::{Form, PreviewLine};
use slint::Model;

/// A requester's name of more letters than this is written smaller: all of it must be seen.
const LONG_NAME: usize = 70;

impl Inner {
    /// The sentences that stay the same.
    pub(super) fn say_words(&self, ui: &SignWindow) {
        let words = ui.global::<Words>();
        let text = |id: &str| SharedString::from(self.texts.text(id));
        words.set_title(text("window-title"));
        words.set_test_banner(text("window-test-banner"));
        words.set_test(text("window-test"));
        words.set_first_time(text("window-first-time"));
        words.set_logo(text("window-logo"));
        words.set_show(text("window-show"));
        words.set_hide(text("window-hide"));
        words.set_preview(text("window-preview"));
        words.set_signed_part(text("window-signed-part"));
        words.set_page_back(text("window-page-back"));
        words.set_page_on(text("window-page-on"));
        words.set_enlarge(text("window-enlarge"));
        words.set_fit_width(text("window-fit-width"));
        words.set_no_keys(text("window-no-keys"));
        let (keys, first, other) = match (&self.wanted, self.state.borrow().primary()) {
            (Wanted::New(_), Primary::Care) => ("own-backup-place", "window-other-place", "window-other-place"),
            (_, Primary::Care) => ("own-care-file", "window-first-file", "window-file-moved"),
            (Wanted::New(_), _) => ("window-place-of-key", "window-other-place", "window-other-place"),
            (_, Primary::Block) => ("own-lost-key", "window-first-file", "window-other-file"),
            (_, Primary::Install) => ("window-key-that-waits", "window-first-file", "window-file-moved"),
            _ => ("window-keys", "window-first-file", "window-other-file"),
        };
        words.set_keys(text(keys));
        words.set_first_file(text(first));
        words.set_other_file(text(other));
        words.set_type_path(text("window-type-path"));
        words.set_forget(text("window-forget"));
        words.set_caps_lock(text("window-hint-caps-lock"));
        words.set_allow_site(text("window-allow-site"));
        words.set_site_allowed(text("window-site-allowed"));
        words.set_close(text("window-close"));
        let new = ui.global::<NewPassword>();
        new.set_label(text("window-repeat-password"));
        new.set_rule(text("window-password-rule"));
        let (path, take) = match self.wanted {
            Wanted::New(_) => ("window-new-path", "window-choose-file-take"),
            Wanted::Key => ("window-path", "window-add-path"),
            Wanted::Any { .. } => ("window-choose-file-path", "window-choose-file-take"),
        };
        ui.set_path_label(text(path));
        ui.set_path_take(text(take));
        ui.set_gone_title(text("window-gone"));
    }

    /// Who asks and for what.
    pub(super) fn say_request(&self, ui: &SignWindow, view: &View, who: &words::Who) {
        let asked = &self.question;
        let told = asked.tone == Tone::Told;
        let lines = |lines: &[String]| model(lines.iter().map(SharedString::from));
        ui.set_who_sign(match who.trust {
            Trust::Verified => Sign::Lock,
            Trust::Insecure => Sign::OpenLock,
            Trust::Unknown => Sign::Question,
            Trust::Yourself => Sign::Person,
        });
        ui.set_who_alarms(matches!(who.trust, Trust::Insecure | Trust::Unknown) && !told);
        ui.set_who_is_long(who.name.chars().count() > LONG_NAME);
        ui.set_who(SharedString::from(&who.name));
        self.say_who_is_gone(ui);
        ui.set_asks(SharedString::from(&asked.asks));
        ui.set_asks_alarms(asked.tone == Tone::Alarm);
        ui.set_via(SharedString::from(&who.via));
        let first_time = view.asker.page().is_some_and(|page| page.first_time);
        ui.set_first_time(first_time);
        ui.set_block(SharedString::from(&who.block));
        ui.set_may_allow_site(who.trust == Trust::Verified && first_time && !self.warns && !told);
        ui.set_test_environment(view.environment == Environment::Test);
        ui.set_waiting(self.waiting(view.waiting));

        ui.set_who_alarm_texts(lines(&who.alarms));
        let warnings = view.warnings.iter().map(|warning| words::warning(&self.texts, warning));
        ui.set_warnings(model(warnings.chain(asked.alarms.iter().cloned()).map(SharedString::from)));

        ui.set_explanations(lines(&asked.said));
        ui.set_names(model(
            asked.names.iter().map(|one| NameLine { label: (&one.label).into(), name: (&one.name).into() }),
        ));
        ui.global::<Facts>().set_lines(model(
            asked.facts.iter().map(|one| NameLine { label: (&one.label).into(), name: (&one.name).into() }),
        ));
        ui.set_details_label(SharedString::from(&asked.details_label));
        ui.set_details(lines(&asked.details));
        ui.set_understanding(SharedString::from(&asked.understood));
        // What is remembered is for a site that the browser vouches for, and that the person has met before.
        if (who.trust == Trust::Verified && !first_time) || self.undoes {
            ui.set_always(SharedString::from(&asked.always));
        }
        ui.set_refuse(SharedString::from(&asked.no));
        ui.set_notes(lines(&words::notes(&self.texts, &view.question)));
        ui.set_asks_key(matches!(
            view.question,
            Question::Sign { .. }
                | Question::ShowKey
                | Question::NewKey { .. }
                | Question::Install { .. }
                | Question::Lost { .. }
                | Question::Revoke
                | Question::Care(_)
        ));
        // On a token, nothing is moved.
        let is_elsewhere = matches!(view.question, Question::Install { .. } | Question::Revoke)
            && view.keys.iter().all(|row| !matches!(row.place, Place::File(_)));
        // Nor is a file that was opened a moment ago.
        ui.set_may_add(!is_elsewhere && !matches!(view.question, Question::Care(Care::Renew)));
        ui.set_asks_file(matches!(view.question, Question::ChooseFile { .. }));
        ui.set_has_documents(!self.documents.is_empty());
        let count = self.documents.len() as u64;
        let size = words::size(&self.texts, self.documents.iter().map(|document| document.size).sum());
        let heading = [("count", Value::Count(count)), ("size", Value::Text(&size))];
        ui.set_documents_heading(self.texts.format("window-documents", &heading).into());
        ui.set_documents(model(self.documents.iter().enumerate().map(|(index, document)| {
            let number = Value::Count(index as u64 + 1);
            let said = words::document(&self.texts, document, words::Look::Closer);
            DocumentLine {
                title: self.texts.format("window-document-number", &[("number", number)]).into(),
                details: format!("{} · {}", said.kind, said.size).into(),
            }
        })));
        self.say_document(ui, 0);
    }

    /// Another one of the documents.
    pub(super) fn choose_document(&self, ui: &SignWindow, index: i32) {
        self.album.borrow_mut().choose(usize::try_from(index).unwrap_or_default());
        self.say_document(ui, index);
        self.look(ui);
    }

    /// One of the documents, closer.
    pub(super) fn say_document(&self, ui: &SignWindow, index: i32) {
        let Ok(place) = usize::try_from(index) else { return };
        let Some(document) = self.documents.get(place) else { return };
        let said = words::document(&self.texts, document, self.look_at(place));
        let told = self.told(place).map(|told| format!(" · {told}")).unwrap_or_default();
        ui.set_chosen_document(index);
        let (title, details) = if self.documents.len() == 1 {
            (said.kind, format!("{}{told}", said.size))
        } else {
            let number = Value::Count(u64::try_from(index).unwrap_or_default() + 1);
            let title = self.texts.format("window-document-number", &[("number", number)]);
            (title, format!("{} · {}{told}", said.kind, said.size))
        };
        ui.set_document_title(title.into());
        ui.set_document_details(details.into());
        ui.set_document_note(said.note.into());
        ui.set_document_beginning(said.beginning.into());
        ui.set_document_marked(said.lines.iter().any(|line| line.share == Share::Signed));
        ui.set_document_pictured(said.is_pictured);
        ui.set_document_has_small(said.has_small);
        ui.set_document_look(said.look.into());
        ui.set_document_other_look(said.other_look.into());
        ui.set_document_preview(model(said.lines.into_iter().map(|line| PreviewLine {
            text: line.text.into(),
            signed: line.share == Share::Signed,
            beside: line.share == Share::Beside,
        })));
    }

    /// The rows of the list of keys. Lines that stay are left where they are: one of them may have the focus.
    pub(super) fn say_keys(&self, ui: &SignWindow) {
        let state = self.state.borrow();
        let mut shown = self.shown.borrow_mut();
        let is_there = |id: &RowId| state.keys().iter().any(|row| row.id == *id);
        for index in (0..shown.len()).rev() {
            if shown.get(index).is_some_and(|id| !is_there(id)) {
                shown.remove(index);
                self.lines.remove(index);
            }
        }
        for (index, row) in state.keys().iter().enumerate() {
            let line = self.line(row, state.keys());
            if shown.get(index) == Some(&row.id) {
                if self.lines.row_data(index).as_ref() != Some(&line) {
                    self.lines.set_row_data(index, line);
                }
                continue;
            }
            // A row that moved is taken out below and put in here.
            if let Some(old) = shown.iter().position(|id| *id == row.id) {
                shown.remove(old);
                self.lines.remove(old);
            }
            let at = index.min(shown.len());
            shown.insert(at, row.id);
            self.lines.insert(at, line);
        }
        ui.set_has_keys(!shown.is_empty());
    }

    fn line(&self, row: &KeyRow, rows: &[KeyRow]) -> KeyLine {
        let said = words::key(&self.texts, row, rows);
        KeyLine {
            title: said.title.into(),
            details: said.details.into(),
            place: said.place.into(),
            reason: said.reason.into(),
            usable: is_usable(row),
            test: row.kind == KeyKind::Test,
            token: !matches!(row.place, Place::File(_) | Place::NewFile(_)),
            forgettable: is_missing(row) && self.may_forget,
            spoken: said.spoken.into(),
        }
    }

    /// Whether tokens are still being looked for.
    pub(super) fn say_looking(&self, ui: &SignWindow, looking: Looking) {
        ui.set_looking(match looking {
            Looking::Done => SharedString::default(),
            Looking::ForTokens => self.texts.text("window-looking").into(),
        });
    }

    /// The words for the secret, and what is said beside a PIN.
    fn say_secret(&self, ui: &SignWindow, state: &State, secret: Secret) {
        let text = |password: &str, pin: &str| {
            let id = match secret {
                Secret::Pin => pin,
                Secret::Password | Secret::NewPassword => password,
            };
            SharedString::from(self.texts.text(id))
        };
        let words = ui.global::<Words>();
        let field = if secret == Secret::NewPassword { "window-new-password" } else { "window-password" };
        words.set_password(text(field, "window-pin"));
        words.set_password_given(text("window-password-given", "window-pin-given"));
        words.set_show_password(text("window-show-password", "window-show-pin"));
        words.set_hide_password(text("window-hide-password", "window-hide-pin"));
        let said = words::pin(&self.texts, state.pin_hint(), &ui.get_primary());
        let pin = ui.global::<Pin>();
        pin.set_reader(said.reader.into());
        pin.set_few(said.few.into());
        pin.set_last(said.last.into());
        pin.set_understanding(said.understood.into());
        pin.set_understood(state.caution() == Caution::Understood);
    }

    /// Everything that depends on the state.
    pub(super) fn refresh(&self, ui: &SignWindow) {
        let state = self.state.borrow();
        ui.set_chosen_key(place(state.chosen_index()));
        ui.set_first_usable_key(place(state.first_usable_index()));
        ui.set_asks_password(state.asks_password());
        ui.set_password_given(state.password_was_given());
        ui.set_password_wrong(state.password_is_wrong());
        ui.set_primary(words::primary(&self.texts, state.primary(), &self.question).into());
        ui.set_primary_enabled(state.primary_is_live());
        ui.set_understood(state.caution() == Caution::Understood);
        ui.set_reluctant(!matches!(state.caution(), Caution::Usual | Caution::Aimed));
        ui.set_busy(matches!(state.phase(), Phase::Busy(_)));
        ui.set_gone(state.phase() == Phase::Gone);
        ui.global::<Form>().set_enabled(state.phase() == Phase::Asking);
        let secret = match (state.asks_pin(), state.asks_twice()) {
            (true, _) => Secret::Pin,
            (false, true) => Secret::NewPassword,
            (false, false) => Secret::Password,
        };
        let new = ui.global::<NewPassword>();
        new.set_asked(state.asks_twice());
        new.set_wrong(state.repetition_is_wrong());
        self.say_secret(ui, &state, secret);
        let (status, alarms) = match (state.phase(), state.status()) {
            (Phase::Busy(busy), _) => (words::busy(&self.texts, busy, state.primary()), false),
            (_, Status::Quiet) => (String::new(), false),
            (_, Status::Missing(missing)) => (words::missing(&self.texts, *missing, secret), true),
            (_, Status::Problem(problem)) => (words::problem(&self.texts, problem), true),
        };
        ui.set_status(status.into());
        ui.set_status_alarms(alarms);
        if self.growth_waits.get() {
            self.grow(ui);
        }
    }

    /// Who took a request back, and what of it may be out already.
    pub(super) fn say_who_is_gone(&self, ui: &SignWindow) {
        let id = match self.state.borrow().departure() {
            Departure::Nothing => "window-gone-text",
            Departure::Perhaps => "window-gone-text-late",
        };
        ui.set_gone_text(self.texts.format(id, &[("who", Value::Text(&ui.get_who()))]).into());
    }

    pub(super) fn waiting(&self, count: u32) -> SharedString {
        if count == 0 {
            return SharedString::default();
        }
        self.texts.format("window-waiting", &[("count", Value::Count(u64::from(count)))]).into()
    }
}

/// A row whose file is not where it was may be taken off the list at once.
fn is_missing(row: &KeyRow) -> bool {
    matches!(&row.fit, Fit::Unfit(reasons) if reasons.contains(&Reason::FileMissing))
}

fn place(index: Option<usize>) -> i32 {
    index.and_then(|index| i32::try_from(index).ok()).unwrap_or(-1)
}

fn model<T: Clone + 'static>(items: impl Iterator<Item = T>) -> ModelRc<T> {
    ModelRc::new(VecModel::from_iter(items))
}
