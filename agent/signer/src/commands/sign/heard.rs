//! A key that remembers why it did not sign.

use crate::token_fault;
use crate::window::Sentence;
use pki::{Certificate, SignatureAlgorithm, Signer, SignerError};
use std::cell::RefCell;

/// Every form of signature wraps what the key said in an error of its own; the person is to hear it as it was.
pub(super) struct Heard {
    signer: Box<dyn Signer>,
    said: RefCell<Option<SignerError>>,
}

impl Heard {
    pub(super) fn new(signer: Box<dyn Signer>) -> Self {
        Self { signer, said: RefCell::new(None) }
    }

    /// Why a token did not sign, in words, when that is what went wrong.
    pub(super) fn fault(&self) -> Option<Sentence> {
        let said = self.said.borrow();
        token_fault::of_signer(said.as_ref()?).map(token_fault::in_command)
    }

    fn listen(&self, result: Result<Vec<u8>, SignerError>) -> Result<Vec<u8>, SignerError> {
        result.inspect_err(|error| *self.said.borrow_mut() = Some(error.clone()))
    }
}

impl Signer for Heard {
    fn certificate(&self) -> &Certificate {
        self.signer.certificate()
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.signer.algorithm()
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.listen(self.signer.sign_digest(digest))
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.listen(self.signer.sign(message))
    }
}
