//! Builds again when a rule changes: the catalogue is embedded.

fn main() {
    println!("cargo:rerun-if-changed=rules");
}
