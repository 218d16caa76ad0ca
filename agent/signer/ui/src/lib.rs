//! The windows as Slint compiles them: generated code only, so that it is built once.
