//! What only the inside of the writer can show: the layout, with salts that are known.

use std::fs;

use der::{AnyRef, Decode, Tag, asn1::OctetStringRef};
use pki::ber::{self, Limits};

use super::{
    asn1::{self, ContentInfo, EncryptedContentInfo, EncryptedPrivateKeyInfo, PbeParameters, Pfx, SafeBag},
    open,
    write::{Salts, with_salts},
};
use crate::Password;

/// The salts of a file of one key and one certificate.
fn salts_of(file: &[u8]) -> Salts {
    let der = |bytes: &[u8]| ber::to_der(bytes, &Limits::KEY_FILE).unwrap();
    let salt = |algorithm: &asn1::AlgorithmIdentifier<'_>| {
        algorithm.parameters.unwrap().decode_as::<PbeParameters<'_>>().unwrap().salt.as_bytes().try_into().unwrap()
    };
    let file = der(file);
    let pfx = Pfx::from_der(&file).unwrap();
    let safe = der(pfx.auth_safe.content.decode_as::<&OctetStringRef>().unwrap().as_bytes());
    let infos = asn1::elements(&safe, Tag::Sequence).unwrap();
    let [plain, sealed] = infos.as_slice() else { panic!("two parts") };

    let plain: ContentInfo<'_> = plain.decode_as().unwrap();
    let bags = der(plain.content.decode_as::<&OctetStringRef>().unwrap().as_bytes());
    let bag: SafeBag<'_> = asn1::elements(&bags, Tag::Sequence).unwrap()[0].decode_as().unwrap();
    let key: EncryptedPrivateKeyInfo<'_> = bag.value.decode_as().unwrap();

    let sealed: ContentInfo<'_> = sealed.decode_as().unwrap();
    let parts: Vec<AnyRef<'_>> = asn1::elements_of(sealed.content, Tag::Sequence).unwrap();
    let certificate: EncryptedContentInfo<'_> = parts[1].decode_as().unwrap();

    Salts {
        key: salt(&key.algorithm),
        certificate: salt(&certificate.algorithm),
        mac: pfx.mac_data.unwrap().salt.as_bytes().try_into().unwrap(),
    }
}

#[test]
fn with_its_salts_every_nca_file_is_written_again_byte_for_byte() {
    let Some(shared) = nca_material::shared() else { return };
    let files = fs::read_dir(shared.join("fixtures/nca/keys")).unwrap();
    let mut seen = 0;
    for path in files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "p12")) {
        let text = if path.to_str().unwrap().contains("Aa123456") { "Aa123456" } else { "Qwerty12" };
        let password = Password::new(text.to_owned()).unwrap();
        let original = fs::read(&path).unwrap();
        let contents = open(&original, &password).unwrap();
        let entry = &contents.entries[0];
        let again = with_salts(&entry.key, entry.certificate.as_ref(), &password, &salts_of(&original)).unwrap();
        assert_eq!(*again, original, "{path:?}");
        seen += 1;
    }
    assert_eq!(seen, 9, "GOST-2015, GOST-2004 and RSA");
}
