//! What is made for editors agrees with the server that it starts.

use prodcheck::rules::Profile;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn manifest() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("editors/vscode/package.json");
    serde_json::from_str(&fs::read_to_string(path).expect("the manifest")).expect("JSON")
}

#[test]
fn the_extension_has_the_version_and_the_environments_of_the_command() {
    let manifest = manifest();
    assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
    let settings = &manifest["contributes"]["configuration"]["properties"];
    let offered: BTreeSet<&str> = settings["prodcheck.environment"]["enum"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(offered, Profile::names().chain([""]).collect::<BTreeSet<&str>>());
}

#[test]
fn nothing_of_a_workspace_is_run_that_is_not_trusted() {
    let manifest = manifest();
    let trust = &manifest["capabilities"]["untrustedWorkspaces"];
    assert_eq!(trust["supported"], "limited");
    assert_eq!(trust["restrictedConfigurations"], serde_json::json!(["prodcheck.path"]));
    assert_eq!(manifest["contributes"]["configuration"]["properties"]["prodcheck.path"]["default"], "");
}

#[test]
fn the_settings_of_each_editor_start_the_server() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/editors.md")).expect("the page");
    for editor in ["Visual Studio Code", "Neovim", "Helix", "Zed", "JetBrains"] {
        let section = page.split(&format!("\n## {editor}\n")).nth(1).unwrap_or_else(|| panic!("{editor} is not there"));
        let section = section.split("\n## ").next().unwrap_or_default();
        assert!(section.contains("prodcheck"), "{editor}");
    }
    let toml = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("Helix's settings");
    let helix: toml::Value = toml::from_str(toml).expect("TOML");
    assert_eq!(helix["language-server"]["prodcheck"]["args"][0].as_str(), Some("lsp"));
    let json = page.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).expect("Zed's settings");
    let zed: Value = serde_json::from_str(json).expect("JSON");
    assert_eq!(zed["lsp"]["eslint"]["binary"]["arguments"][0], "lsp");
}
