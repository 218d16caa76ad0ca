//! The settings files.

use crate::doctor::{Detail, Finding, Fix, World, kinds};

pub(in crate::doctor) fn look(world: &World) -> Vec<Finding> {
    if let Some(fault) = &world.settings_fault {
        let kind = if fault.is_administrators { kinds::SETTINGS_ADMINISTRATOR } else { kinds::SETTINGS_BROKEN };
        let finding = Finding::of(kind)
            .with("file", Detail::Path(fault.file.clone()))
            .with("what", Detail::Sentence(fault.what.clone()))
            .because(&fault.cause);
        let fix = (!fault.is_administrators).then(|| Fix::SetAside(fault.file.clone()));
        return vec![Finding { fix, ..finding }];
    }
    let unknown = world.loaded.unknown_keys.iter().map(|unknown| {
        Finding::of(kinds::SETTINGS_UNKNOWN)
            .with("key", Detail::plain(&unknown.key))
            .with("file", Detail::Path(unknown.file.clone()))
    });
    let found: Vec<Finding> = unknown.collect();
    if found.is_empty() { vec![Finding::of(kinds::SETTINGS_FINE)] } else { found }
}
