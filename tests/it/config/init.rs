//! `prodcheck init`: the first file changes nothing and is never written over another.

use super::{project, report, run};
use std::fs;

#[test]
fn the_first_file_is_written_once_and_changes_nothing() {
    let folder = project(&[(".env.production", "JWT_SECRET=changeme\n"), ("apps/web/x.ts", "")]);
    let before = report(&folder, &[]);
    // From a folder inside, the file still goes to the root.
    let (code, out, err) = run(&folder, &["init", "apps/web"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    let text = fs::read_to_string(folder.path().join("prodcheck.toml")).expect("it was written");
    assert!(text.contains("bknd 0.20.0, from bknd.config.ts") && text.contains(".env.production"), "{text}");
    assert_eq!(report(&folder, &[]), before);
    let (code, _, err) = run(&folder, &["init"]);
    assert!(code == 2 && err.contains("exists already; nothing was written"), "{err}");
    assert_eq!(fs::read_to_string(folder.path().join("prodcheck.toml")).expect("it is there"), text);
}
