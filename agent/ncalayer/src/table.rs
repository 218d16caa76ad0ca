//! What a module can do: one table for each, which dispatches and is listed.
//!
//! A method's standing and its function are one value, so that nothing can be listed that is not answered. The table of
//! `docs/ncalayer-dialect.md` is written from here by `cargo run -p tanba-ncalayer --example listing`, and a test
//! compares.

use crate::envelope::MODULES;
use std::fmt::Write as _;

/// One method of a module. `R` is what the module needs to run it.
pub(crate) struct Method<R> {
    /// Its name, as `method` has it (or `type`, or `command`: [`crate::envelope::Module::selector`]).
    pub(crate) name: &'static str,
    pub(crate) does: Does<R>,
    /// For the page of the site developers; empty: nothing to say.
    pub(crate) remark: &'static str,
}

/// How far a method goes.
pub(crate) enum Does<R> {
    /// As in the original.
    All(R),
    /// All of it, and how it is answered or carried out is not known from the original: it is our choice.
    Chosen(R),
    /// Less than the original; the remark says what.
    Part(R),
}

impl<R: Copy> Method<R> {
    /// What runs it.
    pub(crate) fn run(&self) -> R {
        match self.does {
            Does::All(run) | Does::Chosen(run) | Does::Part(run) => run,
        }
    }
}

/// The method of this name, if it is there: its name as we write it, and what runs it.
pub(crate) fn find<R: Copy>(methods: &[Method<R>], name: &str) -> Option<(&'static str, R)> {
    methods.iter().find(|method| method.name == name).map(|method| (method.name, method.run()))
}

/// A module's table as rows of the page.
pub(crate) fn rows<R>(module: &'static str, methods: &[Method<R>]) -> Vec<Listed> {
    let row = |method: &Method<R>| Listed {
        module,
        method: method.name,
        standing: match method.does {
            Does::All(_) => Standing::Yes,
            Does::Chosen(_) => Standing::Chosen,
            Does::Part(_) => Standing::InPart,
        },
        remark: method.remark,
    };
    methods.iter().map(row).collect()
}

/// A row of the page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listed {
    pub(crate) module: &'static str,
    pub(crate) method: &'static str,
    pub(crate) standing: Standing,
    pub(crate) remark: &'static str,
}

/// What the page calls a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Yes,
    Chosen,
    InPart,
}

impl Standing {
    fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Chosen => "yes, shape chosen",
            Self::InPart => "in part",
        }
    }
}

/// Every method of every module.
#[cfg(test)]
pub(crate) fn listed() -> impl Iterator<Item = Listed> {
    MODULES.iter().flat_map(|module| (module.listed)())
}

/// The table of `docs/ncalayer-dialect.md` between its marks, as Markdown.
#[must_use]
pub fn listing() -> String {
    let mut table = "| module | method | today | remark |\n| --- | --- | --- | --- |\n".to_owned();
    for (selector, listed) in MODULES.iter().map(|module| (module.selector, (module.listed)())) {
        // Where another member than `method` names it, the page says which.
        let member = if selector == "method" { String::new() } else { format!("{selector}: ") };
        for Listed { module, method, standing, remark } in listed {
            let remark = if remark.is_empty() { String::new() } else { format!(" {remark}") };
            // Writing into a String cannot fail.
            let _ = writeln!(table, "| `{module}` | `{member}{method}` | {} |{remark} |", standing.as_str());
        }
    }
    table
}
