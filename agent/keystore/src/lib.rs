//! Where keys live, behind one KeyStore trait.
