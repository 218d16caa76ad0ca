//! What is produced: CAdES today, XMLDSig and raw later; made and verified side by side.
