//! Requests of any kind, in any order, to a token host with a real library.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use pkcs11::wire::{KeyKind, Reply, Request, TokenId};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use world::{Hosted as _, P256, PIN, SoftHsm};

fn octets(most: usize) -> impl Strategy<Value = serde_bytes::ByteBuf> {
    prop::collection::vec(any::<u8>(), 0..most).prop_map(Into::into)
}

/// Few enough that requests meet.
fn id() -> impl Strategy<Value = serde_bytes::ByteBuf> {
    prop_oneof![
        Just(b"1".to_vec()),
        Just(b"2".to_vec()),
        Just(Vec::new()),
        prop::collection::vec(any::<u8>(), 250..260)
    ]
    .prop_map(Into::into)
}

fn kind() -> impl Strategy<Value = KeyKind> {
    let rsa = prop_oneof![Just(0_u32), Just(1), Just(100_000), Just(u32::MAX)].prop_map(|bits| KeyKind::Rsa { bits });
    let ec = prop_oneof![Just(P256.to_vec().into()), octets(40)].prop_map(|parameters| KeyKind::Ec { parameters });
    let gost = (any::<u64>(), any::<u64>(), octets(20), octets(20)).prop_map(
        |(key_type, mechanism, parameters, digest_parameters)| KeyKind::Gost {
            key_type,
            mechanism,
            parameters,
            digest_parameters,
        },
    );
    prop_oneof![rsa, ec.clone(), ec, gost]
}

fn request(slot: u64, token: TokenId) -> impl Strategy<Value = Request> {
    let slot = prop_oneof![4 => Just(slot), 1 => any::<u64>()];
    let token = prop_oneof![4 => Just(token), 1 => Just(TokenId::default())];
    let mechanism = prop_oneof![0..0x50_u64, 0x1040..0x1050_u64, any::<u64>()];
    (slot, token, id(), (kind(), octets(300), mechanism, any::<bool>(), ".{0,100}"), 0..9).prop_map(
        |(slot, token, id, (kind, data, mechanism, pin, label), which)| match which {
            0 => Request::Slots,
            1 => Request::Keys { slot },
            2 => Request::LogIn { slot, token },
            3 => Request::LogOut { slot },
            4 => Request::Sign { slot, token, key: id, mechanism, data, pin },
            5 => Request::Generate { slot, token, kind, id, label },
            6 => {
                let (certificate, subject, replaces) = (data.clone(), data.clone(), vec![data]);
                Request::PutCertificate { slot, token, id, label, certificate, subject, replaces }
            }
            7 => Request::SetPin { slot, token },
            _ => Request::Remove { slot, token, id, certificates: vec![data] },
        },
    )
}

#[test]
fn any_requests_in_any_order_are_answered() {
    let Some(softhsm) = SoftHsm::find(PIN) else { return };
    let (mut host, slot, token) = softhsm.with_one_token();
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    let any = (request(slot, token), prop_oneof![3 => Just(PIN.to_owned()), 1 => ".{0,20}"]);
    let mut refused = 0;
    for _ in 0..400 {
        let (request, pin) = any.new_tree(&mut runner).unwrap().current();
        let pins = vec![pin.as_str(); request.pins()];
        if matches!(host.asks_with(request, &pins), Reply::Failed(_)) {
            refused += 1;
        }
    }
    assert!((1..400).contains(&refused), "{refused}");
    assert!(host.child.try_wait().unwrap().is_none());
}
