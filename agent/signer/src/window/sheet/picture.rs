//! The picture of the chosen document: asked for when somebody looks, shown when it is there. The window never waits for it.

use super::*;
use crate::preview_host::{Answer, Room, Task};
use crate::window::album::{Came, Known, Undrawn, Wish, Zoom};
use crate::window::drawing;
use crate::window::model::{Closer, Drawable};
use crate::window::words::Look as Seen;
use signer_ui::Picture;

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

    /// What a picture told of a document, for the line with its size.
    pub(super) fn told(&self, document: usize) -> Option<String> {
        let Some(Known::Drawn { pages, original }) = self.album.borrow().known(document) else { return None };
        Some(match original {
            None => self.texts.format("window-pages", &[("count", Value::Count(u64::from(pages)))]),
            Some(size) => {
                let [width, height] = [size.width, size.height].map(|pixels| pixels.to_string());
                let said = [("width", Value::Text(&width)), ("height", Value::Text(&height))];
                self.texts.format("window-image-size", &said)
            }
        })
    }

    fn wish(&self, ui: &SignWindow) -> Option<Wish> {
        let room = ui.global::<Picture>().get_room() * ui.window().scale_factor();
        let wish = self.album.borrow().wish(room.max(1.0) as u32)?;
        self.drawable(wish.document).map(|_| wish)
    }

    /// Has drawn what is wanted and is not there yet.
    pub(super) fn look(&self, ui: &SignWindow) {
        let Some(wish) = self.wish(ui) else { return };
        if self.album.borrow().has(wish) {
            return;
        }
        let picture = ui.global::<Picture>();
        picture.set_there(false);
        picture.set_drawing(slint::Image::default());
        picture.set_says(self.texts.text("window-drawing").into());
        self.say_place(ui);
        if self.album.borrow_mut().may_draw(wish) {
            self.draw(wish);
        }
    }

    fn draw(&self, wish: Wish) {
        let Some(Drawable { subject, octets }) = self.drawable(wish.document).cloned() else { return };
        let room = Room { width: wish.width, height: u32::MAX };
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
        picture.set_large(album.zoom() == Zoom::Large);
    }
}

/// Pixels for the toolkit.
pub(super) fn image_of(drawing: &crate::preview_host::Drawing) -> slint::Image {
    let size = drawing.size;
    slint::Image::from_rgba8(slint::SharedPixelBuffer::clone_from_slice(&drawing.rgba, size.width, size.height))
}
