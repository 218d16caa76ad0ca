//! Compiles the windows.

fn main() -> Result<(), slint_build::CompileError> {
    slint_build::compile("sign.slint")
}
