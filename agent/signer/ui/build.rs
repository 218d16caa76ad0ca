//! Compiles the windows. Everything they use is embedded: nothing is looked for on the disk at run time.

fn main() -> Result<(), slint_build::CompileError> {
    let configuration = slint_build::CompilerConfiguration::new()
        .with_style("fluent".to_owned())
        .embed_resources(slint_build::EmbedResourcesKind::EmbedFiles);
    slint_build::compile_with_config("windows.slint", configuration)
}
