//! What is said to a person who opened the window themself: the first line goes on from *you*.

use super::question::{QuestionWords, question};
use crate::window::model::{Asker, Field, Learns, Question};
use texts::Texts;

/// Says what is asked, by whoever asks it.
pub(in crate::window) fn asked(texts: &Texts, asker: &Asker, what: &Question) -> QuestionWords {
    let said = question(texts, what);
    let text = |id| texts.text(id);
    match (asker, what) {
        (Asker::Yourself, Question::NewKey { .. }) => QuestionWords {
            asks: text("own-asks-new-key"),
            said: vec![text("own-new-key-explained")],
            no: text("own-back"),
            ..said
        },
        (Asker::Yourself, Question::Install { .. }) => QuestionWords { asks: text("own-asks-install"), ..said },
        (Asker::Yourself, Question::ChooseFile { learns: Learns::Certificate, .. }) => QuestionWords {
            asks: text("own-asks-install"),
            yes: text("own-choose-certificate"),
            no: text("window-cancel"),
            ..said
        },
        (Asker::Yourself, Question::Sign { .. }) => QuestionWords { asks: text("own-asks-sign"), ..said },
        (Asker::Yourself, Question::Notice(_)) => QuestionWords { asks: text("own-tells"), ..said },
        _ => said,
    }
}

/// The identifier of a field's name.
pub(in crate::window) fn field(field: &Field) -> &'static str {
    match field {
        Field::Whose => "form-whose",
        Field::Position => "form-position",
        Field::Surname => "window-detail-surname",
        Field::Name => "form-name",
        Field::Patronymic => "form-patronymic",
        Field::Iin => "window-detail-iin",
        Field::Organisation => "form-organisation",
        Field::Bin => "window-detail-bin",
        Field::Email => "form-email",
        Field::Use => "form-use",
        Field::Algorithm => "form-algorithm",
        Field::Why => "own-why",
    }
}
