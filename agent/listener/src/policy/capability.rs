//! What a caller wants to be able to do.

use order::{Delivery, Document, Form, SignTask, Task, VerifyTask};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a caller wants to be able to do. The names are those of the file that remembers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Capability {
    /// Ask for a signature over documents that the person sees, or for a time stamp on one.
    Sign,
    /// Ask for a signature over a digest, which could be of anything.
    SignDigest,
    /// Ask for a bare signature, which could be the heart of any document.
    SignRaw,
    /// Read one certificate of the person's choice.
    ReadKey,
    /// Have the person choose a file.
    ChooseFile,
    /// Have a document fetched from the site, or signatures sent to it.
    Transfer,
    /// Name a file or folder of this computer by its path.
    NamePath,
    /// Have a key made, or a certificate installed with one.
    KeepKey,
    /// Show the person something.
    Tell,
    /// Have something computed that nobody is asked about.
    Check,
}

impl Capability {
    /// What a yes to "always let this site ask" covers. Digests and bare signatures it does not: each could be anything;
    /// nor paths, which have a yes of their own.
    pub(super) const COVERED: [Self; 4] = [Self::Sign, Self::ReadKey, Self::ChooseFile, Self::Transfer];

    /// Whether who needs these needs the person too.
    pub(crate) fn open_a_window(needs: &BTreeSet<Self>) -> bool {
        needs.iter().any(|need| *need != Self::Check)
    }

    /// What a task needs: at least one.
    pub(crate) fn of(task: &Task) -> BTreeSet<Self> {
        let mut needs = match task {
            Task::Sign(task) => of_signing(task),
            Task::ShowKey(_) => BTreeSet::from([Self::ReadKey]),
            Task::Stamp { .. } => BTreeSet::from([Self::Sign]),
            Task::ChooseFile(_) => BTreeSet::from([Self::ChooseFile]),
            // To check with a key that is shown first is to read it.
            Task::Verify(VerifyTask::Raw { .. }) if task.filter().is_some() => BTreeSet::from([Self::ReadKey]),
            Task::Verify(_) | Task::Digest { .. } => BTreeSet::from([Self::Check]),
            Task::Extract { .. } => BTreeSet::from([Self::NamePath]),
            Task::NewKey(_) | Task::ImportCertificate { .. } => BTreeSet::from([Self::KeepKey]),
            Task::Tell(_) => BTreeSet::from([Self::Tell]),
        };
        if task.names_a_path() {
            needs.insert(Self::NamePath);
        }
        needs
    }
}

fn of_signing(task: &SignTask) -> BTreeSet<Capability> {
    let mut needs = BTreeSet::new();
    if task.form == Form::Raw {
        needs.insert(Capability::SignRaw);
    }
    for document in &task.documents {
        needs.insert(match document {
            Document::Content(_) | Document::Cms(_) => Capability::Sign,
            Document::Digest(_) => Capability::SignDigest,
            Document::File(_) => Capability::NamePath,
            Document::Chosen => Capability::ChooseFile,
            Document::Remote(_) => Capability::Transfer,
        });
    }
    if matches!(task.delivery, Delivery::Upload { .. }) {
        needs.insert(Capability::Transfer);
    }
    // However the document comes, it is signed.
    needs.insert(Capability::Sign);
    needs
}

#[cfg(test)]
mod tests {
    use super::*;
    use order::{Cms, Content, FileQuery, HashName, KeyFilter, RawKey, Readable, TimeStamp};

    fn signing(document: Document, form: Form, delivery: Delivery) -> Task {
        let filter = KeyFilter::default();
        Task::Sign(SignTask { documents: vec![document], form, filter, delivery, logo: None })
    }

    fn octets<T: From<Vec<u8>>>() -> T {
        vec![1].into()
    }

    #[test]
    fn every_task_needs_what_a_person_would_call_it() {
        use Capability::{Check, ChooseFile, KeepKey, NamePath, ReadKey, Sign, SignDigest, SignRaw, Transfer};
        let cms = || Form::Cms(Cms { content: Content::Detached, time_stamp: TimeStamp::None });
        let upload = Delivery::Upload { url: "https://egov.kz/upload".into(), token: String::new() };
        let raw = |key| Task::Verify(VerifyTask::Raw { content: octets(), signature: octets(), key });
        for (task, needs) in [
            (signing(Document::Content(octets()), cms(), Delivery::Page), &[Sign][..]),
            (signing(Document::Digest(octets()), cms(), Delivery::Page), &[Sign, SignDigest]),
            (signing(Document::Content(octets()), Form::Raw, Delivery::Page), &[Sign, SignRaw]),
            (signing(Document::File("/a".into()), cms(), Delivery::Page), &[Sign, NamePath]),
            (signing(Document::Chosen, cms(), Delivery::Folder("/a".into())), &[Sign, ChooseFile, NamePath]),
            (signing(Document::Chosen, cms(), Delivery::Folder(String::new())), &[Sign, ChooseFile]),
            (signing(Document::Remote("https://egov.kz/1".into()), cms(), upload), &[Sign, Transfer]),
            (Task::ShowKey(KeyFilter::default()), &[ReadKey]),
            (Task::Stamp { cms: octets() }, &[Sign]),
            (Task::ChooseFile(FileQuery::default()), &[ChooseFile]),
            (Task::Digest { algorithm: HashName::Sha256, content: octets() }, &[Check]),
            (raw(RawKey::Certificate(octets())), &[Check]),
            (raw(RawKey::Shown(KeyFilter::default())), &[ReadKey]),
            (Task::Verify(VerifyTask::Cms { cms: Readable::File("/a".into()), document: None }), &[NamePath, Check]),
            (Task::Extract { path: "/a".into(), folder: String::new() }, &[NamePath]),
            (Task::ImportCertificate { certificates: vec![octets()] }, &[KeepKey]),
        ] {
            assert_eq!(Capability::of(&task), needs.iter().copied().collect(), "{task:?}");
        }
    }
}
