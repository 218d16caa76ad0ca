//! What a certificate says and whether to believe it; the Signer trait; BER to DER.
