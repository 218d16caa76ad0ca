//! What the person fills in.

use super::*;
use crate::window::model::{Entry, Fault, Faults, Field, Filled, Form as Asked};
use signer_ui::{Form, FormLine, FormRow};
use slint::{Global, Model};

/// A form on the screen.
pub(super) struct Filling {
    asked: Asked,
    /// What the fields have now, in the order of the rows.
    entries: RefCell<Vec<(Field, Entry)>>,
    faults: RefCell<Faults>,
    /// What was doubted already: who goes on with it means it.
    doubted: RefCell<Vec<(Field, Entry)>>,
    /// The lines of the rows, as the window shows them.
    rows: Vec<Rc<VecModel<FormLine>>>,
    /// The rows themselves.
    shown: Rc<VecModel<FormRow>>,
}

/// What came of trying to go on.
pub(super) enum Tried {
    /// Nothing is wrong.
    Right(Filled),
    /// Something is; the first field of it has the focus.
    Wrong,
}

impl Filling {
    /// The form of a question that has one.
    pub(super) fn of(question: &Question) -> Option<Self> {
        let (Question::Apply(asked) | Question::Lost { form: asked }) = question else { return None };
        let lines = asked.rows.iter().flatten();
        let entries = lines.map(|line| (line.field.clone(), line.entry.clone())).collect();
        let rows: Vec<_> = asked.rows.iter().map(|_| Rc::default()).collect();
        Some(Self {
            asked: asked.clone(),
            entries: RefCell::new(entries),
            faults: RefCell::default(),
            doubted: RefCell::default(),
            rows,
            shown: Rc::default(),
        })
    }

    /// Whether a field is there, as the choices are made now.
    fn is_there(&self, number: usize) -> bool {
        let Some(line) = self.asked.rows.iter().flatten().nth(number) else { return false };
        line.only.as_ref().is_none_or(|(field, wanted)| self.filled_of(field) == Some(*wanted))
    }

    fn filled_of(&self, field: &Field) -> Option<usize> {
        let entries = self.entries.borrow();
        entries.iter().find(|(own, _)| own == field).and_then(|(_, entry)| match entry {
            Entry::Choice { chosen, .. } => Some(*chosen),
            Entry::Text(_) => None,
        })
    }

    /// What is filled in now.
    pub(super) fn filled(&self) -> Filled {
        let entries = self.entries.borrow();
        Filled(entries.iter().enumerate().filter(|(at, _)| self.is_there(*at)).map(|(_, one)| one.clone()).collect())
    }

    /// Looks whether it can be gone on with.
    pub(super) fn attempt(&self) -> Tried {
        let filled = self.filled();
        let now = |field: &Field| filled.0.iter().find(|(own, _)| own == field).cloned();
        let mut doubted = self.doubted.borrow_mut();
        let faults: Faults = (self.asked.check)(&filled);
        let is_meant = |field: &Field, fault: &Fault| {
            matches!(fault, Fault::Doubtful(_)) && now(field).is_some_and(|one| doubted.contains(&one))
        };
        let stands = faults.iter().any(|(field, fault)| !is_meant(field, fault));
        // Only what was said can have been read.
        let said = faults.iter().filter(|(_, fault)| matches!(fault, Fault::Doubtful(_)));
        *doubted = said.filter_map(|(field, _)| now(field)).collect();
        self.faults.replace(faults);
        if stands { Tried::Wrong } else { Tried::Right(filled) }
    }

    fn type_into(&self, at: usize, text: &str) {
        let mut entries = self.entries.borrow_mut();
        let Some((field, entry)) = entries.get_mut(at) else { return };
        *entry = Entry::Text(text.to_owned());
        // What was wrong with it before is no longer said.
        self.faults.borrow_mut().retain(|(own, _)| own != field);
    }

    fn choose(&self, at: usize, choice: i32) {
        if let Some((_, Entry::Choice { of, chosen })) = self.entries.borrow_mut().get_mut(at)
            && let Some(choice) = usize::try_from(choice).ok().filter(|choice| *choice < of.len())
        {
            *chosen = choice;
        }
    }

    fn number_of(&self, field: &Field) -> Option<usize> {
        self.entries.borrow().iter().position(|(own, _)| own == field)
    }

    /// The first field where something is wrong, else the first that is empty, else the first.
    fn first(&self) -> Option<usize> {
        let wrong = self.faults.borrow().iter().filter_map(|(field, _)| self.number_of(field)).min();
        let there = |number: &usize| self.is_there(*number);
        let empty = || {
            let entries = self.entries.borrow();
            let is_empty = |entry: &Entry| matches!(entry, Entry::Text(text) if text.is_empty());
            (0..entries.len()).filter(there).find(|at| entries.get(*at).is_some_and(|(_, entry)| is_empty(entry)))
        };
        wrong.or_else(empty).or_else(|| (0..self.entries.borrow().len()).find(there))
    }

    /// The next field in that direction.
    fn beside(&self, number: usize, by: i32) -> Option<usize> {
        let there = |at: &usize| self.is_there(*at);
        if by > 0 { (number + 1..self.entries.borrow().len()).find(there) } else { (0..number).rev().find(there) }
    }

    /// Puts it onto the component.
    fn show(&self, texts: &Texts) {
        let mut number = 0;
        let mut lines = Vec::new();
        for row in &self.asked.rows {
            let of_row = row.iter().map(|_| {
                let line = self.line(texts, number);
                number += 1;
                line
            });
            lines.push(of_row.collect::<Vec<_>>());
        }
        for (index, (now, model)) in lines.into_iter().zip(&self.rows).enumerate() {
            let shown = now.iter().any(|line| line.shown);
            for (at, line) in now.into_iter().enumerate() {
                match model.row_data(at) {
                    Some(before) if before == line => {}
                    Some(_) => model.set_row_data(at, line),
                    None => model.push(line),
                }
            }
            match self.shown.row_data(index) {
                Some(before) if before.shown == shown => {}
                Some(before) => self.shown.set_row_data(index, FormRow { shown, ..before }),
                None => self.shown.push(FormRow { lines: ModelRc::from(model.clone()), shown }),
            }
        }
    }

    fn line(&self, texts: &Texts, number: usize) -> FormLine {
        let entries = self.entries.borrow();
        let Some((field, entry)) = entries.get(number) else { return FormLine::default() };
        let faults = self.faults.borrow();
        let problem =
            faults.iter().find(|(own, _)| own == field).map(|(_, fault)| words::sentence(texts, fault.sentence()));
        let (value, choices, chosen) = match entry {
            Entry::Text(text) => (text.as_str(), &[][..], None),
            Entry::Choice { of, chosen } => ("", *of, Some(*chosen)),
        };
        // The same list each time, so that a line that did not change is seen not to have.
        let before =
            self.rows.iter().flat_map(|row| row.iter()).find(|line| usize::try_from(line.number) == Ok(number));
        let choices = before.map_or_else(
            || ModelRc::new(VecModel::from_iter(choices.iter().map(|id| SharedString::from(texts.text(id))))),
            |before| before.choices,
        );
        FormLine {
            number: place(Some(number)),
            label: texts.text(words::field(field)).into(),
            value: value.into(),
            choices,
            chosen: place(chosen),
            is_choice: chosen.is_some(),
            shown: self.is_there(number),
            problem: problem.unwrap_or_default().into(),
        }
    }
}

fn place(index: Option<usize>) -> i32 {
    index.and_then(|index| i32::try_from(index).ok()).unwrap_or(-1)
}

impl Inner {
    pub(super) fn show_form(&self, ui: &SignWindow) {
        if let Some(filling) = &self.filling {
            filling.show(&self.texts);
            let form = Form::get(ui);
            if form.get_rows().row_count() == 0 {
                form.set_rows(ModelRc::from(filling.shown.clone()));
            }
        }
    }

    /// The person did something to a field.
    fn filled_in(&self, number: i32, act: impl FnOnce(&Filling, usize)) {
        if let (Some(filling), Some(ui), Ok(at)) = (&self.filling, self.ui.upgrade(), usize::try_from(number)) {
            act(filling, at);
            self.show_form(&ui);
        }
    }

    /// A field of the form takes the focus.
    fn focus_field(&self, ui: &SignWindow, number: Option<usize>) {
        let form = Form::get(ui);
        form.set_wanted(place(number));
        form.set_called(form.get_called() + 1);
    }

    pub(super) fn focus_form(&self, ui: &SignWindow) {
        self.focus_field(ui, self.filling.as_ref().and_then(Filling::first));
    }

    /// The main button of a form was pressed.
    pub(super) fn try_form(&self, ui: &SignWindow, filling: &Filling) {
        match filling.attempt() {
            Tried::Right(filled) => self.end(Event::Filled(filled)),
            Tried::Wrong => {
                self.show_form(ui);
                self.focus_form(ui);
            }
        }
    }
}

/// Registers what is called when.
pub(super) fn tie(ui: &SignWindow, inner: &Rc<Inner>) {
    let form = Form::get(ui);
    form.on_edited({
        let inner = inner.clone();
        move |number, text| inner.filled_in(number, |filling, at| filling.type_into(at, &text))
    });
    form.on_chose({
        let inner = inner.clone();
        move |number, choice| inner.filled_in(number, |filling, at| filling.choose(at, choice))
    });
    form.on_step({
        let inner = inner.clone();
        move |number, by| {
            let (Some(filling), Some(ui)) = (&inner.filling, inner.ui.upgrade()) else { return false };
            let next = usize::try_from(number).ok().and_then(|number| filling.beside(number, by));
            if next.is_some() {
                inner.focus_field(&ui, next);
            }
            next.is_some()
        }
    });
    form.on_accepted({
        let inner = inner.clone();
        move || {
            if let Some(ui) = inner.ui.upgrade() {
                inner.press_primary(&ui);
            }
        }
    });
}
