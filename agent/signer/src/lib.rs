//! Carrying an order out: the window, the choice of key, the signing itself.
