//! What other programs of the country want of a key file's password.

/// `^(?=.*[A-Z])(?=.*[a-z])(?=.*[0-9]).{6,32}$`: the NCA's own programs ask for that.
#[must_use]
pub fn fits_the_rule_of_the_nca(password: &str) -> bool {
    let has = |kind: fn(&char) -> bool| password.chars().any(|character| kind(&character));
    has(char::is_ascii_uppercase)
        && has(char::is_ascii_lowercase)
        && has(char::is_ascii_digit)
        && (6..=32).contains(&password.chars().count())
        && !password.contains('\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_of_the_nca_wants_three_kinds_and_six_to_thirty_two_characters() {
        for good in ["Qwerty12", "aB3___", &format!("aB3{}", "ә".repeat(29))] {
            assert!(fits_the_rule_of_the_nca(good), "{good}");
        }
        for bad in ["aB3__", "qwerty12", "QWERTY12", "Qwertyui", "Құпия12", &format!("aB3{}", "x".repeat(30))] {
            assert!(!fits_the_rule_of_the_nca(bad), "{bad}");
        }
    }
}
