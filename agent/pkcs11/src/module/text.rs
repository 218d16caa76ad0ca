//! Strings as a library gives them.

/// A string of CK_INFO and its kind, padded with blanks, or a label: what is not UTF-8 is replaced, what would steer a
/// terminal left out, blanks at the end cut off.
pub(super) fn of(octets: &[u8]) -> String {
    let text: String = String::from_utf8_lossy(octets).chars().filter(|c| !c.is_control()).collect();
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    #[test]
    fn padding_and_what_steers_a_terminal_are_left_out() {
        assert_eq!(super::of(b"Rutoken ECP    "), "Rutoken ECP");
        assert_eq!(super::of("Мой токен \0\0\0".as_bytes()), "Мой токен");
        assert_eq!(super::of(b"a\x1b[2Jb\r\n  "), "a[2Jb");
        // A label of 32 octets that was cut inside of a letter.
        assert_eq!(super::of(b"\xd0\x9c\xd0"), "М\u{fffd}");
    }
}
