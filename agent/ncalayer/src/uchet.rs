//! `kz.uchet.signUtil.commonUtils`, the module of uchet.kz (`ncalayer-protocol.md` 8.5), a look-alike of ezSigner's
//! whose page names the key file and its password too. The password, and the token that the page's own server gave it
//! for the original's licence, are never read.

use crate::common_reply::{self, Arguments, Refusal};
use crate::document;
use crate::envelope::{Context, Step};
use crate::ez_signer::{self, Call, Done, Names, Shape};
use crate::lenient_json::Object;
use crate::named;
use crate::plugged::is_token;
use crate::table::{self, Does, Listed, Method};
use order::{Chain, Delivery, Document, KeyFilter, NamedKey, PlaceKind};
use serde_bytes::ByteBuf;

pub(crate) const NAME: &str = "kz.uchet.signUtil.commonUtils";

const VERSION: &str = "1.3";

const METHODS: [Method<Call>; 5] = [
    Method { name: "getVersion", does: Does::Chosen((1, get_version)), remark: "always `1.3`" },
    Method { name: "getFilePath", does: Does::All((2, get_file_path)), remark: "" },
    Method {
        name: "signFileFromDiskAndSaveToDiskApi",
        does: Does::Chosen((6, sign_file)),
        remark: "attached, with a time stamp; the signature's path; the password is not read",
    },
    Method {
        name: "signFileAndReturnBase64Api",
        does: Does::Chosen((5, sign_base64)),
        remark: "attached, with a time stamp; the password is not read",
    },
    Method { name: "checkCMS", does: Does::Chosen((1, ez_signer::check_cms)), remark: "as ezSigner's" },
];

pub(crate) fn listed() -> Vec<Listed> {
    table::rows(NAME, &METHODS)
}

pub(crate) fn receive(request: &Object<'_>, context: &mut Context<'_>) -> Step {
    ez_signer::call(NAME, &METHODS, request, context)
}

/// The page looks only whether there is a `code` of 200.
fn get_version(_: &Arguments<'_>, _: &Context<'_>) -> Result<Done, Refusal> {
    Ok(Done::Say(common_reply::success().string("responseObject", VERSION).end()))
}

fn get_file_path(args: &Arguments<'_>, _: &Context<'_>) -> Result<Done, Refusal> {
    ez_signer::choose(args, Names::Two)
}

/// Token, document, folder, key file, password, storage. The token (0) and the password (4) are not looked at.
fn sign_file(args: &Arguments<'_>, context: &Context<'_>) -> Result<Done, Refusal> {
    let (file, folder) = (ez_signer::path(args, 1)?, ez_signer::folder(args, 2)?);
    let filter = filter(args.text(3)?, args.text(5)?, context)?;
    Ok(Done::ask(ez_signer::sign(Document::File(file), filter, Delivery::Folder(folder)), Shape::SignedFile))
}

/// Token, document as base64, key file, password, storage. The token (0) and the password (3) are not looked at.
fn sign_base64(args: &Arguments<'_>, context: &Context<'_>) -> Result<Done, Refusal> {
    let document = args.text(1)?;
    let filter = filter(args.text(2)?, args.text(4)?, context)?;
    let document =
        document::base64_document(document, context.limits).map_err(|error| format!("the document {error}"))?;
    let document = Document::Content(ByteBuf::from(document));
    Ok(Done::ask(ez_signer::sign(document, filter, Delivery::Page), Shape::Signature))
}

/// The key file that is named, where it is one: pages were seen that send another file's path, or nothing.
fn filter(key_file: &str, storage: &str, context: &Context<'_>) -> Result<KeyFilter, Refusal> {
    let storage = common_reply::storage(storage, context)?;
    let place = named::path(key_file).filter(|path| !is_token(storage) && named::is_absolute(path));
    let named = place.map(|place| NamedKey { place, alias: String::new(), kind: PlaceKind::File });
    Ok(KeyFilter { storages: vec![storage], chain: Chain::Any, named, ..KeyFilter::default() })
}
