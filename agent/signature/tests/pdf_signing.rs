//! Signing PDF documents of every form: what is there stays, what is added is small, and what must not be signed is not.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;
mod pdf;

use common::{golden_time, person};
use pdf::{FORMS, Folder, Form, font, lines, options, qpdf_accepts, run, stamp, two_pages};
use signature::pades::{
    Corner, Later, Options, PdfError, Permission, Remark, SubFilter, TIME_STAMP_ROOM, prepare, sign, verify,
};

#[test]
fn a_document_of_every_form_is_signed_by_an_update() {
    let (nca, person) = person();
    let signer = person.signer().unwrap();
    let folder = Folder::new();
    for form in FORMS {
        let document = two_pages().write(form);
        let options = Options { reason: Some("Келісемін"), location: Some("Astana"), ..options() };
        let signed = sign(&*signer, &document, &options).unwrap();
        assert!(signed.starts_with(&document), "{form:?}");
        qpdf_accepts(&folder.write("signed.pdf", &signed));

        let report = verify(&signed).unwrap();
        assert!(report.is_good(), "{form:?}: {report:#?}");
        let [found] = report.signatures.as_slice() else { panic!("{report:#?}") };
        assert_eq!(found.field, "Signature1");
        assert_eq!(found.sub_filter, Some(SubFilter::CadesDetached));
        assert_eq!(found.claimed_time, Some(nca.now()));
        assert_eq!(found.reason.as_deref(), Some("Келісемін"));
        assert_eq!(found.location.as_deref(), Some("Astana"));
        assert_eq!(found.later, Later::Nothing);
        let remarks = if form == Form::Hybrid { &[Remark::Hybrid][..] } else { &[] };
        assert_eq!(found.remarks, remarks, "{form:?}");
        let cms = &found.cms.as_ref().unwrap().signers[0];
        assert_eq!(cms.certificate.as_ref(), Some(&person.certificate));
        // EN 319 142-1, 6.3: the time stands in the signature dictionary and nowhere else.
        assert_eq!(cms.signing_time, None);
        assert_eq!(cms.signed_attributes.len(), 3);
    }
}

#[test]
fn an_update_is_of_the_kind_that_the_document_has() {
    let (_nca, person) = person();
    let signer = person.signer().unwrap();
    for (form, word) in [(Form::Table, "trailer"), (Form::Hybrid, "trailer"), (Form::Streams, "/XRef")] {
        let document = two_pages().write(form);
        let signed = sign(&*signer, &document, &options()).unwrap();
        let added = String::from_utf8_lossy(&signed[document.len()..]).into_owned();
        assert!(added.contains(word), "{form:?}");
        assert_eq!(added.contains("\nxref"), form != Form::Streams, "{form:?}");
    }
}

#[test]
fn many_sign_one_after_the_other_and_all_stay_valid() {
    let (nca, first) = person();
    let people = [first, nca.head().unwrap(), nca.employee().unwrap()];
    let (font, lines, folder) = (font(), lines(), Folder::new());
    for form in FORMS {
        let mut document = two_pages().write(form);
        for (index, person) in people.iter().enumerate() {
            let stamp = (index != 1).then(|| stamp(&font, &lines, Corner::BottomRight));
            let options = Options { stamp, time: golden_time().plus_days(index as i64), ..options() };
            document = sign(&*person.signer().unwrap(), &document, &options).unwrap();
        }
        qpdf_accepts(&folder.write("signed.pdf", &document));
        let report = verify(&document).unwrap();
        assert!(report.is_good(), "{form:?}: {report:#?}");
        let names: Vec<&str> = report.signatures.iter().map(|signature| signature.field.as_str()).collect();
        assert_eq!(names, ["Signature1", "Signature2", "Signature3"]);
        let later: Vec<&Later> = report.signatures.iter().map(|signature| &signature.later).collect();
        assert_eq!(later, [&Later::OnlySignatures, &Later::OnlySignatures, &Later::Nothing], "{form:?}");
        for (signature, person) in report.signatures.iter().zip(&people) {
            let signer = &signature.cms.as_ref().unwrap().signers[0];
            assert_eq!(signer.certificate.as_ref(), Some(&person.certificate));
        }
    }
}

#[test]
fn a_form_that_is_there_is_extended_wherever_it_stands() {
    let (_nca, person) = person();
    let signer = person.signer().unwrap();
    let text = "<</FT/Tx/T(Signature1)/V(x)/Type/Annot/Subtype/Widget/Rect[0 0 9 9]/P 3 0 R>>";
    let page = "<</Type/Page/Parent 2 0 R/Annots 10 0 R>>";
    let base = two_pages().with(7, text).with(3, page).with(10, "[7 0 R]");
    let folder = Folder::new();
    for (catalog, more) in [
        ("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[7 0 R]/DA(/F1 0 Tf)>>>>", &[][..]),
        ("<</Type/Catalog/Pages 2 0 R/AcroForm 8 0 R>>", &[(8, "<</Fields[7 0 R]/DA(/F1 0 Tf)/SigFlags 0>>")]),
        ("<</Type/Catalog/Pages 2 0 R/AcroForm 8 0 R>>", &[(8, "<</Fields 9 0 R/DA(/F1 0 Tf)>>"), (9, "[7 0 R]")]),
        ("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields 9 0 R/DA(/F1 0 Tf)>>>>", &[(9, "[7 0 R]")]),
    ] {
        for form in FORMS {
            let mut document = base.clone().with(1, catalog);
            for (number, body) in more {
                document = document.with(*number, body);
            }
            let document = document.write(form);
            let once = sign(&*signer, &document, &options()).unwrap();
            let signed = sign(&*signer, &once, &options()).unwrap();
            let report = verify(&signed).unwrap();
            assert!(report.is_good(), "{catalog} {form:?}: {report:#?}");
            // The name that is taken is left alone.
            assert_eq!(report.signatures[0].field, "Signature2");
            assert_eq!(report.signatures[1].field, "Signature3");
            assert_eq!(report.signatures[0].later, Later::OnlySignatures, "{catalog} {form:?}");
            let path = folder.write("signed.pdf", &signed);
            qpdf_accepts(&path);
            let json = run("qpdf", ["--json".as_ref(), "--json-key=acroform".as_ref(), path.as_os_str()]);
            let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
            assert_eq!(json["acroform"]["fields"].as_array().unwrap().len(), 3, "{catalog} {form:?}");
        }
    }
}

#[test]
fn a_field_that_waits_is_signed_with_its_own_rectangle() {
    let (_nca, person) = person();
    let signer = person.signer().unwrap();
    let (font, lines, folder) = (font(), lines(), Folder::new());
    let field = "<</FT/Sig/T(Director)/Type/Annot/Subtype/Widget/Rect[100 100 260 160]/P 3 0 R/F 4>>";
    let document = two_pages()
        .with(7, field)
        .with(3, "<</Type/Page/Parent 2 0 R/Annots[7 0 R]>>")
        .with(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[7 0 R]>>>>");
    for form in FORMS {
        let document = document.write(form);
        assert_eq!(verify(&document).unwrap().unsigned_fields, ["Director"]);
        let stamp = Some(stamp(&font, &lines, Corner::TopLeft));
        let options = Options { field: Some("Director"), stamp, ..options() };
        let signed = sign(&*signer, &document, &options).unwrap();
        qpdf_accepts(&folder.write("signed.pdf", &signed));
        let report = verify(&signed).unwrap();
        assert!(report.is_good());
        assert_eq!(report.signatures[0].field, "Director");
        assert_eq!(report.unsigned_fields, Vec::<String>::new());
        let again = sign(&*signer, &signed, &options);
        assert_eq!(again.unwrap_err(), PdfError::FieldSigned("Director".into()));
        let other = Options { field: Some("Nobody"), ..options };
        assert_eq!(sign(&*signer, &signed, &other).unwrap_err(), PdfError::NoField("Nobody".into()));
    }
    // Filling a field in after a signature is a further signature, not a change.
    let first = sign(&*signer, &document.write(Form::Table), &options()).unwrap();
    let second = sign(&*signer, &first, &Options { field: Some("Director"), ..options() }).unwrap();
    assert_eq!(verify(&second).unwrap().signatures[0].later, Later::OnlySignatures);
}

#[test]
fn a_document_of_another_program_is_signed_too() {
    let (_nca, person) = person();
    let signer = person.signer().unwrap();
    let folder = Folder::new();
    let plain = folder.write("plain.pdf", &two_pages().write(Form::Table));
    for arguments in [
        &["--object-streams=generate"][..],
        &["--object-streams=generate", "--linearize"],
        &["--linearize"],
        &["--object-streams=disable", "--newline-before-endstream"],
    ] {
        let out = folder.path("converted.pdf");
        let output = run("qpdf", arguments.iter().map(AsRef::as_ref).chain([plain.as_os_str(), out.as_os_str()]));
        assert!(output.status.success(), "{}", pdf::said(&output));
        let document = std::fs::read(&out).unwrap();
        let once = sign(&*signer, &document, &options()).unwrap();
        let signed = sign(&*signer, &once, &options()).unwrap();
        let path = folder.write("signed.pdf", &signed);
        assert!(verify(&signed).unwrap().is_good(), "{arguments:?}");
        let output = run("qpdf", ["--check".as_ref(), path.as_os_str()]);
        // That a signed document is no longer linearised is all that may be said.
        assert!(output.status.success() || arguments.contains(&"--linearize"), "{}", pdf::said(&output));
        assert!(!pdf::said(&output).contains("damaged"), "{}", pdf::said(&output));
    }
}

#[test]
fn a_protected_document_is_refused() {
    let (_nca, person) = person();
    let signer = person.signer().unwrap();
    let folder = Folder::new();
    let plain = folder.write("plain.pdf", &two_pages().write(Form::Table));
    for streams in ["--object-streams=generate", "--object-streams=disable"] {
        let out = folder.path("protected.pdf");
        let arguments = ["--encrypt", "", "owner", "256", "--", streams].map(AsRef::<std::ffi::OsStr>::as_ref);
        let output = run("qpdf", arguments.into_iter().chain([plain.as_os_str(), out.as_os_str()]));
        assert!(output.status.success(), "{}", pdf::said(&output));
        let document = std::fs::read(&out).unwrap();
        assert_eq!(sign(&*signer, &document, &options()).unwrap_err(), PdfError::Encrypted);
        assert_eq!(verify(&document).unwrap_err(), PdfError::Encrypted);
    }
    assert!(PdfError::Encrypted.to_string().contains("password"));
}

#[test]
fn a_certified_document_is_signed_only_when_that_is_allowed() {
    let (_nca, person) = person();
    let signer = person.signer().unwrap();
    let certified = |parameters: &str| {
        let transform = format!("<</Type/SigRef/TransformMethod/DocMDP/TransformParams<<{parameters}>>>>");
        two_pages()
            .with(7, &format!("<</Type/Sig/Reference[{transform}]>>"))
            .with(1, "<</Type/Catalog/Pages 2 0 R/Perms<</DocMDP 7 0 R>>>>")
    };
    for (parameters, permission) in [
        ("/P 1", Permission::Nothing),
        ("/P 2", Permission::FormsAndSignatures),
        ("", Permission::FormsAndSignatures),
        ("/P 3", Permission::Comments),
    ] {
        for form in FORMS {
            let document = certified(parameters).write(form);
            assert_eq!(verify(&document).unwrap().permission, Some(permission));
            let signed = sign(&*signer, &document, &options());
            if permission == Permission::Nothing {
                assert_eq!(signed.unwrap_err(), PdfError::ChangesForbidden);
            } else {
                assert!(verify(&signed.unwrap()).unwrap().is_good());
            }
        }
    }
    let xfa = two_pages().with(1, "<</Type/Catalog/Pages 2 0 R/NeedsRendering true>>").write(Form::Table);
    assert_eq!(sign(&*signer, &xfa, &options()).unwrap_err(), PdfError::DynamicXfa);
}

#[test]
fn a_field_that_locks_others_locks_them_when_it_is_signed() {
    let (_nca, person) = person();
    let signer = person.signer().unwrap();
    let field = |name: &str, more: &str| format!("<</FT/Sig/T({name})/Type/Annot/Subtype/Widget/Rect[0 0 0 0]{more}>>");
    let document = two_pages()
        .with(7, &field("First", "/Lock<</Type/SigFieldLock/Action/Include/Fields 10 0 R>>"))
        .with(8, &field("Second", ""))
        .with(9, &field("Third", "/Lock<</Type/SigFieldLock/Action/All/P 1>>"))
        .with(10, "[(Second)]")
        .with(3, "<</Type/Page/Parent 2 0 R/Annots[7 0 R 8 0 R 9 0 R]>>")
        .with(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[7 0 R 8 0 R 9 0 R]>>>>");
    for form in FORMS {
        let with = |document: &[u8], name| sign(&*signer, document, &Options { field: Some(name), ..options() });
        let first = with(&document.write(form), "First").unwrap();
        assert_eq!(with(&first, "Second").unwrap_err(), PdfError::FieldLocked("Second".into()));
        let third = with(&first, "Third").unwrap();
        assert!(verify(&third).unwrap().is_good());
        // Its lock closes the document.
        assert_eq!(sign(&*signer, &third, &options()).unwrap_err(), PdfError::ChangesForbidden);
    }
}

#[test]
fn what_is_added_to_the_signature_before_it_is_placed_fits_or_is_refused() {
    let (_nca, person) = person();
    let signer = person.signer().unwrap();
    let document = two_pages().write(Form::Table);
    let prepared = prepare(&*signer, &document, &Options { extra_room: TIME_STAMP_ROOM, ..options() }).unwrap();
    let der = prepared.sign(&*signer).unwrap();
    let signed = prepared.finish(&der).unwrap();
    assert!(verify(&signed).unwrap().is_good());
    assert!(signed.len() > document.len() + 2 * TIME_STAMP_ROOM);

    // A signature over something else, and what is no signature.
    let prepared = || prepare(&*signer, &document, &options()).unwrap();
    let other = signature::cms::sign_for_pdf(&*signer, &[7; 64]).unwrap();
    assert!(matches!(prepared().finish(&other).unwrap_err(), PdfError::SelfCheck(_)));
    assert!(matches!(prepared().finish(b"").unwrap_err(), PdfError::SelfCheck(_)));
    assert!(matches!(prepared().finish(&vec![0x30; 100_000]).unwrap_err(), PdfError::Room { needed: 100_000, .. }));
}

#[test]
fn a_document_that_does_not_end_with_a_line_end_is_signed() {
    let (_nca, person) = person();
    let mut document = two_pages().write(Form::Table);
    document.pop();
    let signed = sign(&*person.signer().unwrap(), &document, &options()).unwrap();
    assert!(signed.starts_with(&document) && verify(&signed).unwrap().is_good());
}
