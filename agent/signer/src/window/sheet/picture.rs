//! The picture of the chosen document: asked for when somebody looks, shown when it is there. The window never waits for it.

use super::*;
use crate::preview_host::{Answer, Room, Task};
use crate::window::album::{Came, Known, Places, Scale, Undrawn, Wish};
use crate::window::drawing;
use crate::window::model::{Closer, Drawable};
use crate::window::words::Look as Seen;
use signer_ui::{Part, Picture};

/// A picture that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(10);

/// So long after the window got another width the picture is drawn anew: it may get yet another one.
const SETTLED: Duration = Duration::from_millis(300);

impl Inner {
    /// Ties the buttons of the picture to what follows from them.
    pub(super) fn tie_picture(self: &Rc<Self>, ui: &SignWindow) {
        let picture = ui.global::<Picture>();
        let act = |act: fn(&Rc<Self>, &SignWindow)| {
            let inner = self.clone();
            move || {
                if let Some(ui) = inner.ui.upgrade() {
                    act(&inner, &ui);
                }
            }
        };
        picture.on_enlarge(act(|inner, ui| {
            inner.album.borrow_mut().enlarge();
            inner.look(ui);
        }));
        picture.on_room_changed(act(|inner, _| {
            let inner_weak = Rc::downgrade(inner);
            inner.room_changes.start(TimerMode::SingleShot, SETTLED, move || {
                if let Some(inner) = inner_weak.upgrade()
                    && let Some(ui) = inner.ui.upgrade()
                {
                    inner.look(&ui);
                }
            });
        }));
        let inner = self.clone();
        picture.on_turn(move |by| {
            if let Some(ui) = inner.ui.upgrade() {
                inner.album.borrow_mut().turn(by);
                inner.look(&ui);
            }
        });
        let inner = self.clone();
        picture.on_looked_at(move |expanded| {
            if let Some(ui) = inner.ui.upgrade() {
                inner.album.borrow_mut().open(expanded);
                inner.look(&ui);
                if expanded {
                    inner.bring_document();
                }
            }
        });
    }

    fn drawable(&self, document: usize) -> Option<&Drawable> {
        match &self.documents.get(document)?.closer {
            Closer::Drawn(drawable) => Some(drawable),
            Closer::LaidOut(_) | Closer::None => None,
        }
    }

    /// How a document is looked at.
    pub(super) fn look_at(&self, document: usize) -> Seen {
        match self.album.borrow().known(document) {
            Some(Known::Undrawn(Undrawn::Encrypted)) => Seen::Encrypted,
            Some(Known::Undrawn(Undrawn::Failed)) => Seen::NotDrawn,
            _ if self.as_hashed.get() => Seen::AsHashed,
            _ => Seen::Closer,
        }
    }

    /// What drawing a document told of it, for the line with its size.
    pub(super) fn told(&self, document: usize) -> Option<String> {
        Some(match self.album.borrow().known(document)? {
            Known::Undrawn(Undrawn::Encrypted) => self.texts.text("window-encrypted"),
            Known::Undrawn(Undrawn::Failed) => self.texts.text("window-not-drawn"),
            Known::Drawn { pages, original: None } => {
                self.texts.format("window-pages", &[("count", Value::Count(u64::from(pages)))])
            }
            Known::Drawn { original: Some(size), .. } => {
                let [width, height] = [size.width, size.height].map(|pixels| pixels.to_string());
                let said = [("width", Value::Text(&width)), ("height", Value::Text(&height))];
                self.texts.format("window-image-size", &said)
            }
        })
    }

    /// Somebody wants to read it: it comes in sight, also when the window has grown for it; unless they go on to something else.
    fn bring_document(self: &Rc<Self>) {
        self.touched();
        self.brings_document.set(true);
        for delay in [Duration::ZERO, DRAWN, 3 * DRAWN] {
            let inner = Rc::downgrade(self);
            Timer::single_shot(delay, move || {
                if let Some(inner) = inner.upgrade()
                    && inner.brings_document.get()
                    && let Some(ui) = inner.ui.upgrade()
                {
                    ui.invoke_bring(Part::Document);
                }
            });
        }
    }

    fn wish(&self, ui: &SignWindow) -> Option<Wish> {
        let picture = ui.global::<Picture>();
        let scale = ui.window().scale_factor();
        let pixels = |length: f32| (length * scale).max(1.0) as u32;
        let places = Places { small: pixels(picture.get_small_width()), wide: pixels(picture.get_room()) };
        let wish = self.album.borrow().wish(places)?;
        self.drawable(wish.document).map(|_| wish)
    }

    /// Has drawn what is wanted and is not there yet.
    pub(super) fn look(&self, ui: &SignWindow) {
        let picture = ui.global::<Picture>();
        let Some(wish) = self.wish(ui) else {
            // Nothing of another document is left beside this one.
            picture.set_small(slint::Image::default());
            return;
        };
        if self.album.borrow().has(wish) {
            return;
        }
        if wish.scale == Scale::Small {
            picture.set_small(slint::Image::default());
        } else {
            picture.set_there(false);
            picture.set_drawing(slint::Image::default());
            picture.set_says(self.texts.text("window-drawing").into());
            self.say_place(ui);
        }
        if self.album.borrow_mut().may_draw(wish) {
            self.draw(wish);
        }
    }

    fn draw(&self, wish: Wish) {
        let Some(Drawable { subject, octets }) = self.drawable(wish.document).cloned() else { return };
        let height = if wish.scale == Scale::Small { wish.width.saturating_mul(4) / 3 } else { u32::MAX };
        let room = Room { width: wish.width, height };
        let task = Task { subject, page: wish.page, room };
        let id = self.id;
        drawing::draw(task, octets, PATIENCE, move |answer| stage::post(Command::Picture(id, wish, answer)));
    }

    /// What came of it.
    pub(super) fn drew(&self, ui: &SignWindow, wish: Wish, answer: Option<Answer>) {
        let wanted = self.wish(ui);
        let came = self.album.borrow_mut().came(wish, wanted, answer);
        let picture = ui.global::<Picture>();
        match came {
            Came::Drawing(drawing) if wish.scale == Scale::Small => {
                picture.set_small(image_of(&drawing));
                self.say_document(ui, ui.get_chosen_document());
            }
            Came::Drawing(drawing) => {
                picture.set_drawing(image_of(&drawing));
                picture.set_says(SharedString::default());
                picture.set_there(true);
                self.say_place(ui);
                self.say_document(ui, ui.get_chosen_document());
            }
            Came::NoPage => picture.set_says(self.texts.text("window-page-not-drawn").into()),
            Came::Undrawn => self.say_document(ui, ui.get_chosen_document()),
            // Somebody may look at another one meanwhile.
            Came::Unwanted => self.look(ui),
        }
    }

    /// Which page of which document it is.
    fn say_place(&self, ui: &SignWindow) {
        let album = self.album.borrow();
        let (page, pages) = (album.page(), album.pages());
        let picture = ui.global::<Picture>();
        let place = if pages > 1 {
            let said = [("page", page + 1), ("pages", pages)].map(|(id, number)| (id, Value::Count(u64::from(number))));
            self.texts.format("window-page", &said)
        } else {
            String::new()
        };
        let title = ui.get_document_title();
        let name = if place.is_empty() { title.to_string() } else { format!("{title}. {place}") };
        picture.set_name(name.into());
        picture.set_page(place.into());
        picture.set_can_go_back(page > 0);
        picture.set_can_go_on(page + 1 < pages);
        picture.set_large(album.scale() == Scale::Large);
    }
}

/// Pixels for the toolkit.
pub(super) fn image_of(drawing: &crate::preview_host::Drawing) -> slint::Image {
    let size = drawing.size;
    slint::Image::from_rgba8(slint::SharedPixelBuffer::clone_from_slice(&drawing.rgba, size.width, size.height))
}
