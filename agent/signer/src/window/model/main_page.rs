//! The main window: what it shows, and what comes from it. All of it is words already; foreign names in them must have been
//! made fit to be drawn.

/// One of its parts, as a list of rows that open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MainPage {
    /// The names of all parts, in their order.
    pub tabs: Vec<String>,
    /// Which of them this is.
    pub tab: usize,
    /// The program's own name.
    pub name: String,
    /// What the parts are, for a screen reader.
    pub tabs_label: String,
    /// Where test keys count: what every window then says in red.
    pub test_banner: Option<String>,
    /// What this part is.
    pub heading: String,
    /// What can be done here, in a sentence.
    pub explanation: String,
    /// What can be searched; empty where nothing can.
    pub search_label: String,
    /// What can be done that belongs to no row.
    pub actions: Vec<MainAction>,
    /// The rows.
    pub rows: Vec<MainRow>,
    /// What stands in place of rows where there are none.
    pub empty: String,
    /// Whether what the windows are made with is named, as its licence asks for.
    pub names_toolkit: bool,
}

/// A button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MainAction {
    /// What [`MainEvent::Press`] names it by.
    pub id: &'static str,
    /// What stands on it.
    pub text: String,
    /// Of several values, the one that holds.
    pub is_chosen: bool,
}

/// What a row's colours mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing.
    #[default]
    Plain,
    /// All is well.
    Good,
    /// Something will have to be done.
    Warning,
    /// Something is wrong.
    Bad,
}

/// One row, and what it opens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MainRow {
    /// What [`MainEvent`] names it by.
    pub id: String,
    /// Its first line.
    pub title: String,
    /// Its second.
    pub details: String,
    /// A word beside them.
    pub badge: String,
    /// What its colours mean.
    pub tone: Tone,
    /// How much of its time is left, in hundredths.
    pub left: Option<u8>,
    /// Sentences that it opens.
    pub notes: Vec<String>,
    /// Names and values that it opens.
    pub facts: Vec<(String, String)>,
    /// What can be typed, or marked and copied. Its button is the action `set`.
    pub field: Option<MainField>,
    /// What can be done.
    pub actions: Vec<MainAction>,
}

/// Something that is typed; without a button something that can only be marked and copied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MainField {
    /// What it is, for a screen reader.
    pub label: String,
    /// What stands there at first.
    pub text: String,
    /// What stands on its button; empty where there is none.
    pub button: String,
}

/// A line at the lower edge: what was done, what went wrong, or a question with its answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MainNote {
    /// The sentence.
    pub text: String,
    /// Whether something went wrong.
    pub alarms: bool,
    /// What can be done about it.
    pub actions: Vec<MainAction>,
}

/// What a person does in the main window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MainEvent {
    /// Another part is wanted.
    Tab(usize),
    /// A row is opened, or closed.
    Toggle(String),
    /// A button of this row was pressed, of the page where it is empty; with what was typed for it.
    Press {
        /// The row.
        row: String,
        /// The action.
        action: String,
        /// What was typed.
        text: String,
    },
    /// Something is searched.
    Search(String),
    /// All is to be read anew: the person asks for it.
    Refresh,
    /// The person comes back from another window, where something may have changed.
    CameBack,
    /// Files were dropped on the window.
    Dropped(Vec<std::path::PathBuf>),
    /// The window was closed, or could not be opened.
    Closed(Option<String>),
}

impl MainAction {
    /// One that does something.
    #[must_use]
    pub fn new(id: &'static str, text: String) -> Self {
        Self { id, text, is_chosen: false }
    }
}
