//! The `prodcheck` command.

/// A scan allocates many small things on every thread: with this it is a tenth quicker than with glibc's allocator
/// (BENCHMARKS.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    prodcheck::cli::main()
}
