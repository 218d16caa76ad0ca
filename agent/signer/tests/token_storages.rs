//! Which of NCALayer's storages are tokens is said where libraries are known and where pages are understood: the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use keystore::pkcs11::TOKEN_STORAGES;
use order::StorageName;

#[test]
fn a_storage_that_a_page_may_name_is_a_key_file_or_one_that_a_library_may_have() {
    let is_file = |storage: &StorageName| matches!(storage, StorageName::Pkcs12 | StorageName::Jks);
    let tokens: Vec<_> = StorageName::ALL.into_iter().filter(|storage| !is_file(storage)).collect();
    assert_eq!(tokens.len(), TOKEN_STORAGES.len());
    for storage in tokens {
        assert!(TOKEN_STORAGES.contains(&storage.as_str()), "{storage:?}");
    }
}
