//! The main window on the screen. It decides nothing: pages go in, presses come out.

use super::keyboard;
use super::model::{MainAction, MainEvent, MainNote, MainPage, MainRow, Tone};
use signer_ui::{Look, MainAction as Button, MainFact, MainRow as Line, MainWindow, Tone as Colour, Words};
use slint::winit_030::{EventResult, WinitWindowAccessor, winit};
use slint::{
    CloseRequestResponse, ComponentHandle, LogicalSize, Model as _, ModelRc, PhysicalSize, SharedString, Timer,
    VecModel,
};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

/// How large it would like to be, in logical pixels; as in `main.slint`.
const WIDTH: f32 = 860.0;
const HEIGHT: f32 = 620.0;

/// How long after the last letter a search begins.
const TYPING: Duration = Duration::from_millis(250);

/// Who hears what the main window says.
pub(super) type MainHeard = Box<dyn Fn(MainEvent) + Send>;

/// The window. Dropping it takes it off the screen.
pub(super) struct MainSheet {
    ui: MainWindow,
    inner: Rc<Inner>,
}

struct Inner {
    heard: MainHeard,
    rows: Rc<VecModel<Line>>,
    /// What the rows were made from.
    shown: RefCell<MainPage>,
    typing: Timer,
    /// It had the focus before, so that coming back to it means something.
    was_in_front: Cell<bool>,
    was_drawn: Cell<bool>,
    key_was_heard: Cell<bool>,
    control_is_held: Cell<bool>,
}

impl MainSheet {
    /// Opens the window with its first page.
    pub(super) fn open(page: &MainPage, heard: MainHeard, more_contrast: bool) -> Result<Self, String> {
        let ui = match MainWindow::new() {
            Ok(ui) => ui,
            Err(error) => {
                heard(MainEvent::Closed(Some(error.to_string())));
                return Err(error.to_string());
            }
        };
        let inner = Rc::new(Inner {
            heard,
            rows: Rc::default(),
            shown: RefCell::default(),
            typing: Timer::default(),
            was_in_front: Cell::new(false),
            was_drawn: Cell::new(false),
            key_was_heard: Cell::new(false),
            control_is_held: Cell::new(false),
        });
        ui.global::<Look>().set_more_contrast(more_contrast);
        ui.set_rows(ModelRc::from(inner.rows.clone()));
        let sheet = Self { ui, inner };
        sheet.show(page, "");
        sheet.tie();
        if let Err(error) = sheet.ui.show() {
            (sheet.inner.heard)(MainEvent::Closed(Some(error.to_string())));
            return Err(error.to_string());
        }
        Ok(sheet)
    }

    fn tie(&self) {
        let ui = &self.ui;
        let on = |inner: &Rc<Inner>| inner.clone();
        ui.on_choose_tab({
            let inner = on(&self.inner);
            move |index| (inner.heard)(MainEvent::Tab(usize::try_from(index).unwrap_or_default()))
        });
        ui.on_toggle_row({
            let inner = on(&self.inner);
            move |id| (inner.heard)(MainEvent::Toggle(id.into()))
        });
        ui.on_press({
            let inner = on(&self.inner);
            move |row, action, text| {
                (inner.heard)(MainEvent::Press { row: row.into(), action: action.into(), text: text.into() });
            }
        });
        ui.on_refresh({
            let inner = on(&self.inner);
            move || (inner.heard)(MainEvent::Refresh)
        });
        ui.on_key_heard({
            let inner = on(&self.inner);
            move || inner.key_was_heard.set(true)
        });
        ui.on_searched({
            let inner = on(&self.inner);
            move |text| {
                let weak = Rc::downgrade(&inner);
                inner.typing.start(slint::TimerMode::SingleShot, TYPING, move || {
                    if let Some(inner) = weak.upgrade() {
                        (inner.heard)(MainEvent::Search(text.to_string()));
                    }
                });
            }
        });
        ui.window().on_close_requested({
            let inner = on(&self.inner);
            move || {
                (inner.heard)(MainEvent::Closed(None));
                CloseRequestResponse::HideWindow
            }
        });
        let inner = on(&self.inner);
        let weak = ui.as_weak();
        ui.window().on_winit_window_event(move |_, event| {
            match event {
                // The first picture is about to be drawn: now the screen is known and the rows can have the focus. Before,
                // the size that the toolkit gives a window may still be on its way, and come out larger than the screen.
                winit::event::WindowEvent::RedrawRequested if !inner.was_drawn.replace(true) => {
                    let weak = weak.clone();
                    Timer::single_shot(Duration::ZERO, move || {
                        if let Some(ui) = weak.upgrade() {
                            fit(&ui);
                            ui.invoke_focus_chosen_tab();
                        }
                    });
                }
                // What another program did meanwhile is looked at when the person comes back.
                winit::event::WindowEvent::Focused(true) if inner.was_in_front.replace(true) => {
                    (inner.heard)(MainEvent::CameBack);
                }
                // A button that went away when it was pressed took the focus with it, and the toolkit gives keys to nobody.
                winit::event::WindowEvent::KeyboardInput { event, .. }
                    if event.state.is_pressed() && !keyboard::is_tab(&event.logical_key) =>
                {
                    inner.key_was_heard.set(false);
                    let (weak, inner, key) = (weak.clone(), inner.clone(), event.logical_key.clone());
                    let wish = wish_of(&key, inner.control_is_held.get());
                    Timer::single_shot(Duration::ZERO, move || {
                        if let Some(ui) = weak.upgrade().filter(|_| !inner.key_was_heard.get()) {
                            ui.invoke_focus_chosen_tab();
                            if let Some(wish) = wish {
                                (inner.heard)(wish);
                            }
                        }
                    });
                }
                winit::event::WindowEvent::ModifiersChanged(modifiers) => {
                    inner.control_is_held.set(modifiers.state().control_key());
                }
                // By another program, without having been asked to close.
                winit::event::WindowEvent::Destroyed => (inner.heard)(MainEvent::Closed(None)),
                winit::event::WindowEvent::DroppedFile(path) => {
                    (inner.heard)(MainEvent::Dropped(vec![path.clone()]));
                }
                _ => {}
            }
            EventResult::Propagate
        });
    }

    /// Shows a page; the row of that name stands open.
    pub(super) fn show(&self, page: &MainPage, open: &str) {
        let ui = &self.ui;
        let former = self.inner.shown.replace(page.clone());
        if former.tabs != page.tabs {
            ui.set_tabs(strings(&page.tabs));
        }
        let is_other = former.tab != page.tab;
        ui.set_name(page.name.as_str().into());
        ui.set_tabs_label(page.tabs_label.as_str().into());
        ui.set_tab(i32::try_from(page.tab).unwrap_or_default());
        ui.set_test_environment(page.test_banner.is_some());
        ui.global::<Words>().set_test_banner(page.test_banner.as_deref().unwrap_or_default().into());
        ui.set_heading(page.heading.as_str().into());
        ui.set_list_label(page.heading.as_str().into());
        ui.set_explanation(page.explanation.as_str().into());
        ui.set_search_label(page.search_label.as_str().into());
        if former.actions != page.actions {
            ui.set_actions(buttons(&page.actions));
        }
        ui.set_empty(page.empty.as_str().into());
        ui.set_names_toolkit(page.names_toolkit);
        ui.set_open_row(open.into());
        if is_other {
            ui.set_search(SharedString::default());
            ui.invoke_scroll_to_start();
        }
        // A row that stays the same keeps the focus, and what was typed in it.
        let same_rows = former.rows.iter().map(|row| &row.id).eq(page.rows.iter().map(|row| &row.id));
        if same_rows && !is_other {
            for (index, (was, is)) in former.rows.iter().zip(&page.rows).enumerate() {
                if was != is {
                    self.inner.rows.set_row_data(index, line(is));
                }
            }
        } else {
            self.inner.rows.set_vec(page.rows.iter().map(line).collect::<Vec<_>>());
        }
    }

    /// Says something at the lower edge, or nothing any more.
    pub(super) fn say(&self, note: &MainNote) {
        self.ui.set_status_actions(buttons(&note.actions));
        self.ui.set_status_alarms(note.alarms);
        self.ui.set_status(note.text.as_str().into());
    }

    /// Nothing can be pressed while something is done, but what the note offers.
    pub(super) fn set_busy(&self, is_busy: bool) {
        self.ui.set_busy(is_busy);
    }

    /// Brings it to the front: the person asked for it once more.
    pub(super) fn come_to_front(&self) {
        self.ui.window().with_winit_window(|window| {
            window.set_minimized(false);
            window.focus_window();
        });
    }

    pub(super) fn set_more_contrast(&self, more: bool) {
        self.ui.global::<Look>().set_more_contrast(more);
    }
}

impl Drop for MainSheet {
    fn drop(&mut self) {
        // It fails only where there is no window any more.
        let _ = self.ui.hide();
    }
}

/// What a key wants wherever the focus is; as in `main.slint`.
fn wish_of(key: &winit::keyboard::Key, with_control: bool) -> Option<MainEvent> {
    use winit::keyboard::{Key, NamedKey};
    match key {
        Key::Named(NamedKey::F5) => Some(MainEvent::Refresh),
        Key::Character(digit) if with_control => {
            let part = digit.parse::<usize>().ok()?.checked_sub(1)?;
            (part < 7).then_some(MainEvent::Tab(part))
        }
        _ => None,
    }
}

/// As large as it would like to be, or as the screen allows. The toolkit makes a window before it knows the screen.
fn fit(ui: &MainWindow) {
    let window = ui.window();
    let screen = window.with_winit_window(|window| window.current_monitor().map(|monitor| monitor.size())).flatten();
    let Some(screen) = screen else { return };
    let scale = window.scale_factor();
    let screen = PhysicalSize::new(screen.width, screen.height).to_logical(scale);
    let size = LogicalSize::new(WIDTH.min(screen.width * 0.97), HEIGHT.min(screen.height * 0.9));
    // In physical pixels: logical ones are counted with the screen's own scale, whatever `SLINT_SCALE_FACTOR` says.
    window.set_size(size.to_physical(scale));
}

fn strings(texts: &[String]) -> ModelRc<SharedString> {
    ModelRc::new(VecModel::from(texts.iter().map(SharedString::from).collect::<Vec<_>>()))
}

fn buttons(actions: &[MainAction]) -> ModelRc<Button> {
    let button = |action: &MainAction| Button {
        id: action.id.into(),
        text: action.text.as_str().into(),
        chosen: action.is_chosen,
        enabled: true,
    };
    ModelRc::new(VecModel::from(actions.iter().map(button).collect::<Vec<_>>()))
}

fn line(row: &MainRow) -> Line {
    let facts: Vec<MainFact> = row
        .facts
        .iter()
        .map(|(name, value)| MainFact { name: name.as_str().into(), value: value.as_str().into() })
        .collect();
    let field = row.field.clone().unwrap_or_default();
    // A pause between the parts, and no second full stop where a sentence has its own.
    let parts = [&row.title, &row.details, &row.badge].into_iter().filter(|part| !part.is_empty());
    let spoken: Vec<&str> = parts.map(|part| part.strip_suffix('.').unwrap_or(part)).collect();
    Line {
        id: row.id.as_str().into(),
        title: row.title.as_str().into(),
        details: row.details.as_str().into(),
        badge: row.badge.as_str().into(),
        tone: match row.tone {
            Tone::Plain => Colour::Plain,
            Tone::Good => Colour::Good,
            Tone::Warning => Colour::Warning,
            Tone::Bad => Colour::Bad,
        },
        left: row.left.map_or(-1.0, |left| f32::from(left) / 100.0),
        notes: strings(&row.notes),
        facts: ModelRc::new(VecModel::from(facts)),
        field_label: field.label.into(),
        field_text: field.text.into(),
        field_button: field.button.into(),
        actions: buttons(&row.actions),
        spoken: spoken.join(". ").into(),
    }
}
