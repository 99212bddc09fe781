//! The `prodcheck` command.

/// A scan allocates small things on every thread; the system's allocator spends more of its time on that than on
/// anything else, musl's by far.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    prodcheck::cli::main()
}
