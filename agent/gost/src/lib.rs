//! GOST 34.310 signatures over the NCA's curves, and the GOST hashes.
