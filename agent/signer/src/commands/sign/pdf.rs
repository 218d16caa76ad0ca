//! A signature inside of a PDF document.

use super::target::Target;
use super::{CommandError, Context, SignArgs, stamping};
use crate::commands::read_file;
use crate::window::masked;
use pki::Signer;
use signature::pades::{self, Corner, Options, PageChoice, Place, Stamp, TIME_STAMP_ROOM};
use texts::Value;

/// Points; two and a half inches, as wide as a seal.
const STAMP_WIDTH: u16 = 180;
/// Octets that answers about two certificates take beside a time stamp.
const LONG_TERM_ROOM: usize = 48 << 10;

pub(super) fn sign(
    context: &Context,
    args: &SignArgs,
    signer: &dyn Signer,
    target: &Target,
) -> Result<(), CommandError> {
    let pdf = read_file(&args.file, pades::MAX_LEN as u64)?;
    let lines = stamp_lines(context, signer);
    let heading = context.texts.text("sign-stamp-heading");
    let stamp = args.visible.then_some(Stamp {
        font: signer_ui::FONT,
        heading: &heading,
        lines: &lines,
        page: PageChoice::Last,
        place: Place::Corner(Corner::BottomRight),
        width: STAMP_WIDTH,
    });
    let extra_room = match (args.timestamp, args.long_term) {
        (_, true) => TIME_STAMP_ROOM + LONG_TERM_ROOM,
        (true, false) => TIME_STAMP_ROOM,
        (false, false) => 0,
    };
    let options = Options {
        reason: args.reason.as_deref(),
        location: args.location.as_deref(),
        stamp,
        extra_room,
        ..Options::at(context.now)
    };
    let failed = |error: pades::PdfError| {
        let detail = error.to_string();
        CommandError::Failed(context.texts.format("sign-pdf-failed", &[("detail", Value::Text(&detail))]))
    };
    let prepared = pades::prepare(signer, &pdf, &options).map_err(failed)?;
    drop(pdf);
    let der = prepared.sign(signer).map_err(failed)?;
    let der = stamping::add(context, args, signer, der)?;
    target.put(&prepared.finish(&der).map_err(failed)?)
}

/// Who signed, the end of their number, and when: enough to find the signature by, nothing that a copy should spread.
fn stamp_lines(context: &Context, signer: &dyn Signer) -> Vec<String> {
    let holder = signer.certificate().holder();
    let mut lines = vec![crate::unseen::visible(&holder.name)];
    for (id, number) in [
        ("window-iin", &holder.iin.as_ref().map(ToString::to_string)),
        ("window-bin", &holder.bin.as_ref().map(ToString::to_string)),
    ] {
        if let Some(number) = number {
            lines.push(context.texts.format(id, &[("number", Value::Text(&masked(number)))]));
        }
    }
    lines.extend(holder.organisation.as_deref().map(crate::unseen::visible));
    let time = context.now.local().to_string();
    lines.push(context.texts.format("sign-stamp-time", &[("value", Value::Text(&time))]));
    lines
}
