//! Joining `xml:base` values of elements that are left out (C14N 1.1 §2.4 and appendix A; RFC 3986 §5.2).

/// `inner` as seen from `outer`; both may be relative.
pub(super) fn join(outer: &str, inner: &str) -> String {
    if outer.is_empty() || split(inner).scheme.is_some() {
        return inner.to_owned();
    }
    if inner.is_empty() {
        return outer.to_owned();
    }
    let (base, reference) = (split(outer), split(inner));
    let (authority, path, query) = if reference.authority.is_some() {
        (reference.authority, without_dots(reference.path), reference.query)
    } else if reference.path.is_empty() {
        (base.authority, without_dots(base.path), reference.query.or(base.query))
    } else if reference.path.starts_with('/') {
        (base.authority, without_dots(reference.path), reference.query)
    } else {
        // RFC 3986 §5.2.3. A base that ends in ".." is the folder that it names.
        let folder = if base.path == ".." || base.path.ends_with("/..") {
            format!("{}/", base.path)
        } else if base.path.is_empty() && base.authority.is_some() {
            "/".to_owned()
        } else {
            base.path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"))
        };
        (base.authority, without_dots(&format!("{folder}{}", reference.path)), reference.query)
    };
    let scheme = base.scheme.map(|scheme| format!("{scheme}:"));
    let authority = authority.map(|authority| format!("//{authority}"));
    let query = query.map(|query| format!("?{query}"));
    [scheme, authority, Some(path), query].into_iter().flatten().collect()
}

#[derive(Clone, Copy)]
struct Parts<'a> {
    scheme: Option<&'a str>,
    authority: Option<&'a str>,
    path: &'a str,
    query: Option<&'a str>,
}

/// The parts of a URI reference (RFC 3986 appendix B); a fragment has no place in a base.
fn split(reference: &str) -> Parts<'_> {
    let rest = reference.split_once('#').map_or(reference, |(rest, _)| rest);
    let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
    let scheme = rest.split_once(':').filter(|(scheme, _)| !scheme.is_empty() && !scheme.contains('/'));
    let (scheme, rest) = scheme.map_or((None, rest), |(scheme, rest)| (Some(scheme), rest));
    let Some(rest) = rest.strip_prefix("//") else { return Parts { scheme, authority: None, path: rest, query } };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    Parts { scheme, authority: Some(authority), path, query }
}

/// A path without `.` and, where something stands before them, without `..`; no segment is empty but a last one.
fn without_dots(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    let mut folder = false;
    for segment in path.split('/') {
        folder = matches!(segment, "" | "." | "..");
        match segment {
            "" | "." => {}
            ".." => match kept.last() {
                Some(&"..") | None if absolute => {}
                Some(&"..") | None => kept.push(".."),
                Some(_) => {
                    kept.pop();
                }
            },
            other => kept.push(other),
        }
    }
    let mut out = if absolute { String::from("/") } else { String::new() };
    out.push_str(&kept.join("/"));
    if folder && !kept.is_empty() {
        out.push('/');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bases_are_joined_from_the_outside_in() {
        for (outer, inner, joined) in [
            ("http://example.kz/a/b/c", "d", "http://example.kz/a/b/d"),
            ("http://example.kz/a/b/", "../d/./e", "http://example.kz/a/d/e"),
            ("http://example.kz/a/b/", "/x", "http://example.kz/x"),
            ("http://example.kz", "x", "http://example.kz/x"),
            ("http://example.kz/a", "//other.kz/y", "http://other.kz/y"),
            ("http://example.kz/a", "urn:x", "urn:x"),
            ("http://example.kz/a?q", "", "http://example.kz/a?q"),
            ("a/b/", "c/d", "a/b/c/d"),
            ("a/", "../../c", "../c"),
            ("..", "c", "../c"),
            ("", "c", "c"),
        ] {
            assert_eq!(join(outer, inner), joined, "{outer} {inner}");
        }
    }
}
