//! Writes the method table of `docs/ncalayer-dialect.md` anew, from the tables that dispatch.

use std::io;
use std::path::Path;

const MARK: &str = "<!-- methods -->";

fn main() -> io::Result<()> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/ncalayer-dialect.md");
    let text = std::fs::read_to_string(&page)?;
    let mut parts = text.splitn(3, MARK);
    let (Some(before), Some(_), Some(behind)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(io::Error::other(format!("{} does not have {MARK} twice", page.display())));
    };
    let table = tanba_ncalayer::listing();
    std::fs::write(&page, format!("{before}{MARK}\n\n{table}\n{MARK}{behind}"))
}
