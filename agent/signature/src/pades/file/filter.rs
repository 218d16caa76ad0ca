//! Decompressing cross-reference and object streams (ISO 32000-1, 7.4.4).

use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_zlib_with_limit};

use super::budget::Budget;
use super::object::{Dictionary, Object};
use crate::pades::PdfError;

/// Octets that one stream has when it is decompressed.
const MAX_INFLATED: usize = 256 << 20;

/// The octets of a stream with that dictionary, whose encoded octets stand at `offset`.
pub(super) fn decode(
    dictionary: &Dictionary,
    encoded: &[u8],
    offset: usize,
    budget: &Budget,
) -> Result<Vec<u8>, PdfError> {
    let fail = |what| Err(PdfError::syntax(offset, what));
    let filter = match dictionary.get("Filter") {
        Some(Object::Array(filters)) if filters.len() < 2 => filters.first(),
        Some(Object::Array(_)) => return fail("this stream has more than one filter"),
        filter => filter,
    };
    let parameters = match dictionary.get("DecodeParms") {
        Some(Object::Array(parameters)) => parameters.first(),
        parameters => parameters,
    };
    match filter.map(Object::as_name) {
        None => {
            budget.take_inflated(encoded.len())?;
            return Ok(encoded.to_vec());
        }
        Some(Some(b"FlateDecode" | b"Fl")) => {}
        Some(_) => return fail("this stream has another filter than FlateDecode"),
    }
    // What takes long and gives nothing is work too.
    budget.take_inflated(encoded.len())?;
    let decoded = match decompress_to_vec_zlib_with_limit(encoded, budget.inflatable().min(MAX_INFLATED)) {
        Ok(decoded) => decoded,
        Err(error) if error.status == TINFLStatus::HasMoreOutput => return Err(PdfError::TooMany("compressed bytes")),
        Err(_) => return fail("this stream cannot be decompressed"),
    };
    budget.take_inflated(decoded.len())?;
    let number = |key, missing| match parameters.and_then(Object::as_dictionary).and_then(|all| all.get(key)) {
        None => Ok(missing),
        Some(value) => value
            .as_integer()
            .and_then(|value| usize::try_from(value).ok())
            .filter(|value| (1..=1 << 16).contains(value))
            .ok_or(PdfError::syntax(offset, "this stream has unusable parameters")),
    };
    match number("Predictor", 1)? {
        1 => Ok(decoded),
        10..=15 => {
            let bits = number("Colors", 1)?.saturating_mul(number("BitsPerComponent", 8)?);
            let columns = number("Columns", 1)?;
            let row = bits.saturating_mul(columns).div_ceil(8);
            unpredict(&decoded, row, bits.div_ceil(8)).ok_or(PdfError::syntax(offset, "this stream has a broken row"))
        }
        _ => fail("this stream has an unknown predictor"),
    }
}

/// Undoes the PNG predictors (W3C PNG, section 9): rows of a filter octet and `row` octets, `pixel` octets a pixel.
fn unpredict(predicted: &[u8], row: usize, pixel: usize) -> Option<Vec<u8>> {
    let mut out: Vec<u8> = Vec::with_capacity(predicted.len());
    let mut above = vec![0_u8; row];
    for line in predicted.chunks(row.checked_add(1)?) {
        let (filter, octets) = line.split_first()?;
        let mut current: Vec<u8> = Vec::with_capacity(row);
        for (index, octet) in octets.iter().enumerate() {
            let before = |line: &[u8]| index.checked_sub(pixel).and_then(|at| line.get(at)).copied().unwrap_or(0);
            let left = before(&current);
            let up = above.get(index).copied().unwrap_or(0);
            let predicted = match filter {
                0 => 0,
                1 => left,
                2 => up,
                3 => ((u16::from(left) + u16::from(up)) / 2) as u8,
                4 => paeth(left, up, before(&above)),
                _ => return None,
            };
            current.push(octet.wrapping_add(predicted));
        }
        out.extend_from_slice(&current);
        above = current;
    }
    Some(out)
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let estimate = i16::from(left) + i16::from(up) - i16::from(corner);
    let distance = |octet: u8| (estimate - i16::from(octet)).abs();
    if distance(left) <= distance(up) && distance(left) <= distance(corner) {
        left
    } else if distance(up) <= distance(corner) {
        up
    } else {
        corner
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_png_predictor_is_undone() {
        // Rows of three octets, worked out by hand: none, sub, up, average, Paeth.
        let predicted = [0, 1, 2, 3, 1, 1, 1, 1, 2, 1, 1, 1, 3, 1, 1, 1, 4, 1, 1, 1];
        let expected = [1, 2, 3, 1, 2, 3, 2, 3, 4, 2, 3, 4, 3, 4, 5];
        assert_eq!(unpredict(&predicted, 3, 1).unwrap(), expected);
        assert_eq!(unpredict(&[5, 0, 0, 0], 3, 1), None);
        // A last row that is cut off stays so.
        assert_eq!(unpredict(&[0, 7], 3, 1).unwrap(), [7]);
    }

    #[test]
    fn what_would_grow_too_large_is_refused() {
        let budget = Budget::new();
        let bomb = miniz_oxide::deflate::compress_to_vec_zlib(&[0; 1001], 6);
        budget.take_inflated(budget.inflatable() - bomb.len() - 1000).unwrap();
        let dictionary = Dictionary::new().with("Filter", Object::name("FlateDecode"));
        assert_eq!(decode(&dictionary, &bomb, 0, &budget), Err(PdfError::TooMany("compressed bytes")));
    }
}
