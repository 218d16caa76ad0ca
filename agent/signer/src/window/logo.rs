//! A site's picture. Whatever goes wrong, there is none, and nobody is told.

use super::drawing;
use crate::preview_host::{Answer, Drawing, Room, Subject, Task};
use std::time::Duration;

/// A picture that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(2);

/// Has a picture drawn, and hands it over when there is one.
pub(super) fn draw(png: Vec<u8>, show: impl FnOnce(Drawing) + Send + 'static) {
    let task = Task { subject: Subject::Logo, page: 0, room: Room::LOGO };
    drawing::draw(task, png.into(), PATIENCE, |answer| {
        if let Some(Answer::Drawn(drawing)) = answer {
            show(drawing);
        }
    });
}
