//! What is shown, as a picture: a seal with a letter, drawn from shapes for each size, so that it is sharp in all of them.
//!
//! The colour is the state, and so is a form for whoever does not see colours: the bare letter is *ready*, an exclamation
//! mark in the corner *look*, a cross *out of reach*, and two bars in the letter's place *paused*. Middle tones of the
//! colours, and a gap around what lies in the corner, stand on light and on dark panels.

use super::face::Sign;

/// The sizes that panels ask for, in pixels.
pub(super) const SIZES: [i32; 5] = [16, 22, 24, 32, 48];

/// Samples along each side of a pixel.
const SAMPLES: i32 = 4;

const WHITE: [u8; 3] = [255, 255, 255];
const DARK: [u8; 3] = [34, 34, 40];

/// A place in the picture, which is one wide and one high; `y` goes down.
#[derive(Clone, Copy)]
struct Point {
    x: f32,
    y: f32,
}

const fn at(x: f32, y: f32) -> Point {
    Point { x, y }
}

/// A form.
#[derive(Clone, Copy)]
enum Form {
    /// Everything so near to a point.
    Disc(Point, f32),
    /// Everything so near to a line: a stroke with round ends.
    Stroke(Point, Point, f32),
}

impl Form {
    fn has(self, place: Point) -> bool {
        match self {
            Self::Disc(centre, radius) => squared(place, centre) <= radius * radius,
            Self::Stroke(from, to, radius) => {
                let (dx, dy) = (to.x - from.x, to.y - from.y);
                let length = dx * dx + dy * dy;
                let along = ((place.x - from.x) * dx + (place.y - from.y) * dy) / length;
                let along = along.clamp(0.0, 1.0);
                squared(place, at(from.x + along * dx, from.y + along * dy)) <= radius * radius
            }
        }
    }
}

fn squared(one: Point, other: Point) -> f32 {
    (one.x - other.x).powi(2) + (one.y - other.y).powi(2)
}

/// A form in a colour, or one that is cut out of what lies below.
type Layer = (Form, Option<[u8; 3]>);

const SEAL: Form = Form::Disc(at(0.5, 0.5), 0.49);
const CORNER: Point = at(0.71, 0.71);
/// The letter beside what lies in the corner, as far from where it stands alone.
const ASIDE: f32 = 0.05;

fn layers(sign: Sign) -> Vec<Layer> {
    let seal = match sign {
        Sign::Ready => [34, 150, 82],
        Sign::Attention => [217, 134, 0],
        Sign::Fault => [214, 48, 49],
        Sign::Paused => [122, 128, 138],
    };
    let mut layers = vec![(SEAL, Some(seal))];
    let mut white = |forms: &[Form]| layers.extend(forms.iter().map(|form| (*form, Some(WHITE))));
    if sign == Sign::Paused {
        white(&[
            Form::Stroke(at(0.38, 0.32), at(0.38, 0.68), 0.075),
            Form::Stroke(at(0.62, 0.32), at(0.62, 0.68), 0.075),
        ]);
        return layers;
    }
    let aside = if sign == Sign::Ready { 0.0 } else { ASIDE };
    let letter = |x: f32, y: f32| at(x - aside, y - aside / 2.0);
    white(&[
        Form::Stroke(letter(0.29, 0.3), letter(0.71, 0.3), 0.07),
        Form::Stroke(letter(0.5, 0.3), letter(0.5, 0.75), 0.07),
    ]);
    let inside: &[Form] = match sign {
        Sign::Attention => &[
            Form::Stroke(at(CORNER.x, CORNER.y - 0.15), at(CORNER.x, CORNER.y + 0.03), 0.058),
            Form::Disc(at(CORNER.x, CORNER.y + 0.165), 0.06),
        ],
        Sign::Fault => &[
            Form::Stroke(at(CORNER.x - 0.115, CORNER.y - 0.115), at(CORNER.x + 0.115, CORNER.y + 0.115), 0.055),
            Form::Stroke(at(CORNER.x - 0.115, CORNER.y + 0.115), at(CORNER.x + 0.115, CORNER.y - 0.115), 0.055),
        ],
        Sign::Ready | Sign::Paused => return layers,
    };
    layers.push((Form::Disc(CORNER, 0.345), None));
    layers.push((Form::Disc(CORNER, 0.285), Some(DARK)));
    layers.extend(inside.iter().map(|form| (*form, Some(WHITE))));
    layers
}

/// The picture in one size: rows from the top, each pixel alpha, red, green, blue, an octet each (ARGB32 in network order).
pub(super) fn picture(sign: Sign, size: i32) -> Vec<u8> {
    let layers = layers(sign);
    (0..size).flat_map(|y| (0..size).map(move |x| (x, y))).flat_map(|(x, y)| pixel(&layers, x, y, size)).collect()
}

fn pixel(layers: &[Layer], x: i32, y: i32, size: i32) -> [u8; 4] {
    let (mut seen, mut sums) = (0_u32, [0_u32; 3]);
    for sample in 0..SAMPLES * SAMPLES {
        let step = |pixel: i32, part: i32| (pixel as f32 + (part as f32 + 0.5) / SAMPLES as f32) / size as f32;
        let place = at(step(x, sample % SAMPLES), step(y, sample / SAMPLES));
        // What lies on top hides what lies below; a cut hides it too, and has no colour.
        let top = layers.iter().rev().find(|(form, _)| form.has(place));
        if let Some((_, Some(colour))) = top {
            seen += 1;
            for (sum, part) in sums.iter_mut().zip(colour) {
                *sum += u32::from(*part);
            }
        }
    }
    let octet = |value: u32| u8::try_from(value).unwrap_or(u8::MAX);
    let [red, green, blue] = sums.map(|sum| octet(sum.checked_div(seen).unwrap_or_default()));
    [octet(seen * 255 / (SAMPLES * SAMPLES).unsigned_abs()), red, green, blue]
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGNS: [Sign; 4] = [Sign::Ready, Sign::Attention, Sign::Fault, Sign::Paused];

    /// The picture without its colours: how bright each pixel is, on black.
    fn grey(sign: Sign, size: i32) -> Vec<f32> {
        let brightness = |p: &[u8]| {
            let [r, g, b] = [p[1], p[2], p[3]].map(f32::from);
            f32::from(p[0]) / 255.0 * (0.3 * r + 0.59 * g + 0.11 * b)
        };
        picture(sign, size).chunks_exact(4).map(brightness).collect()
    }

    #[test]
    fn every_size_is_a_whole_picture_with_clear_corners() {
        for sign in SIGNS {
            for size in SIZES {
                let picture = picture(sign, size);
                assert_eq!(picture.len(), (size * size * 4) as usize);
                assert_eq!(picture[0], 0, "nothing in the corner");
                assert!(picture.chunks_exact(4).filter(|pixel| pixel[0] == 255).count() > picture.len() / 8);
            }
        }
    }

    #[test]
    fn two_states_differ_without_their_colours_in_every_size() {
        for size in SIZES {
            for (index, one) in SIGNS.into_iter().enumerate() {
                for other in SIGNS.into_iter().skip(index + 1) {
                    let (one_grey, other_grey) = (grey(one, size), grey(other, size));
                    let differing = one_grey.iter().zip(&other_grey).filter(|(a, b)| (*a - *b).abs() > 80.0).count();
                    assert!(differing * 60 >= one_grey.len(), "{one:?}, {other:?} at {size}: {differing}");
                }
            }
        }
    }
}
