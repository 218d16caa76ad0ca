//! NCALayer's wire dialect: text to Order and Outcome to text, one file per module, no I/O.
