//! Whether a document speaks of logging in: in whole words, because «входящий» and `authorizedPerson` stand in every
//! second document.

/// Words as they are, also as parts of `camelCase` and with `_` and `-` inside.
const WORDS: [&str; 29] = [
    "login",
    "logon",
    "signin",
    "signon",
    "auth",
    "authn",
    "authenticate",
    "authentication",
    "authenticator",
    "authorize",
    "authorise",
    "authorization",
    "authorisation",
    "oauth",
    "openid",
    "ticket",
    "nonce",
    "challenge",
    "sessionid",
    "вход",
    "входа",
    "войти",
    "логин",
    "кіру",
    "кіруге",
    "kiru",
    "vhod",
    "avtorizaciya",
    "autentifikaciya",
];

/// Words that have many endings, and nothing else begins with.
const BEGINNINGS: [&str; 2] = ["аутентификац", "авторизац"];

/// Whether a document says that it is about logging in, in a language of ours or in a ticket's own words.
pub(super) fn speaks_of_login(text: &str) -> bool {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).any(is_login_word)
}

/// Whether a run of letters, digits, `_` and `-` has a word of logging in.
pub(super) fn is_login_word(run: &str) -> bool {
    let is_known = |word: &str| {
        !word.is_empty() && (WORDS.contains(&word) || BEGINNINGS.iter().any(|beginning| word.starts_with(beginning)))
    };
    let squashed: String = run.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    is_known(&squashed) || words(run).iter().any(|word| is_known(word))
}

/// The words of a name, in lower case: `SAMLAuthnRequest` has `saml`, `authn`, `request`.
fn words(run: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before: Option<char> = None;
    let mut letters = run.chars().peekable();
    while let Some(c) = letters.next() {
        let begins = c.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase() || before.is_uppercase() && letters.peek().is_some_and(|next| next.is_lowercase())
            });
        if begins || !c.is_alphabetic() {
            words.push(String::new());
        }
        if c.is_alphabetic()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        before = Some(c);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_logging_in_are_known_in_names_and_sentences() {
        for text in [
            "<AuthnRequest/>",
            "<SAMLAuthnRequest/>",
            "<timeTicket>1",
            "session_id=5",
            "sessionId",
            "signIn",
            "Sign-In",
            "LOGIN",
            "loginURL",
            "URLLogin",
            "Вход на портал",
            "для аутентификации.",
            "Порталға кіру үшін",
        ] {
            assert!(speaks_of_login(text), "{text}");
        }
    }

    #[test]
    fn parts_of_other_words_are_none() {
        for text in [
            "Входящий № 5, входит в состав",
            "<authorizedPerson>",
            "authorizedCapital",
            "<author>",
            "кірушілер",
            "blogin",
            "tickets and nonces",
            "Sign in the presence of",
        ] {
            assert!(!speaks_of_login(text), "{text}");
        }
    }
}
