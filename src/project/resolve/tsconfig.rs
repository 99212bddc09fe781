//! `paths` and `baseUrl` of tsconfig.json and jsconfig.json, with what they extend.

use super::super::file::{inside, normalized, upward};
use super::super::{FileKind, Project, json};
use super::entries::star;
use crate::syntax::FileId;
use jsonc_parser::ast::{ObjectProp, Value};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// How many configurations one is made of at most, through `extends` and `references`.
const MAX_PARTS: usize = 64;

/// The configuration of each folder that has one: its file, and what it says once somebody asks.
pub(in crate::project) type TsConfigs = BTreeMap<String, (FileId, OnceLock<TsConfig>)>;

/// What a configuration says of imports. Folders are relative to the root.
#[derive(Clone, Debug, Default)]
pub(in crate::project) struct TsConfig {
    base_url: Option<String>,
    /// Pattern, and the paths it stands for.
    paths: Vec<(String, Vec<String>)>,
}

impl Project {
    /// The file that `paths` of the nearest configuration gives for a module.
    pub(super) fn through_paths(&self, from: FileId, module: &str) -> Option<FileId> {
        let targets = self.nearest_config(from)?.targets(module);
        targets.iter().find_map(|target| self.probe(&normalized(target)?))
    }

    /// The path that `paths` gives first, be it there or not.
    pub(super) fn first_path(&self, from: FileId, module: &str) -> Option<String> {
        normalized(self.nearest_config(from)?.targets(module).first()?)
    }

    /// Whether `paths` holds a pattern for every module.
    pub(super) fn paths_take_all(&self, from: FileId) -> bool {
        self.nearest_config(from).is_some_and(|config| config.paths.iter().any(|(pattern, _)| pattern == "*"))
    }

    /// The file below `baseUrl`.
    pub(super) fn below_base_url(&self, from: FileId, module: &str) -> Option<FileId> {
        let base = self.nearest_config(from)?.base_url.as_deref()?;
        self.probe(&normalized(&inside(base, module))?)
    }

    fn nearest_config(&self, from: FileId) -> Option<&TsConfig> {
        let configs = self.tsconfigs.get_or_init(|| self.find_configs());
        let (folder, (id, config)) =
            upward(self.import_folder(from)).find_map(|folder| configs.get_key_value(folder))?;
        Some(config.get_or_init(|| self.read_config(*id, folder, &mut Vec::new())))
    }

    fn find_configs(&self) -> TsConfigs {
        let mut configs = TsConfigs::new();
        for name in ["tsconfig.json", "jsconfig.json"] {
            for id in self.of_kind(&FileKind::TsConfig).iter().filter(|id| self.file(**id).name() == name) {
                configs.entry(self.file(*id).folder().to_owned()).or_insert((*id, OnceLock::new()));
            }
        }
        configs
    }

    /// One configuration on top of what it extends. `leaf` is the folder of the one that began, `seen` what was
    /// read for it already: configurations can extend each other in circles.
    fn read_config(&self, id: FileId, leaf: &str, seen: &mut Vec<FileId>) -> TsConfig {
        let mut config = TsConfig::default();
        if seen.len() == MAX_PARTS || seen.contains(&id) {
            return config;
        }
        seen.push(id);
        // What is extended is shared by many.
        let own =
            self.tsconfig_files.of(id, || Arc::new(self.text(id).map(|text| Written::of(text)).unwrap_or_default()));
        let folder = self.file(id).folder();
        for base in own.extends.iter().filter_map(|name| self.config_named(folder, name)) {
            config.take_over(self.read_config(base, leaf, seen));
        }
        config.read_options(&own, folder, leaf);
        // Vite's templates keep `paths` in `tsconfig.app.json`, which the main configuration only refers to.
        if config.paths.is_empty() && config.base_url.is_none() {
            let referred = own.references.iter().filter_map(|path| self.config_named(folder, &format!("./{path}")));
            let mut referred = referred.map(|other| self.read_config(other, leaf, seen));
            if let Some(found) = referred.find(|found| !found.paths.is_empty()) {
                config = found;
            }
        }
        config
    }

    fn config_named(&self, folder: &str, name: &str) -> Option<FileId> {
        let path = if name.starts_with('.') {
            normalized(&inside(folder, name))?
        } else {
            // A shared configuration can be a package of the workspace; an installed one is not looked at.
            let (package, subpath) = super::script::split(name)?;
            let package = self.packages().iter().find(|known| known.name.as_deref() == Some(package))?;
            inside(&package.dir, subpath)
        };
        let ways = [path.clone(), format!("{path}.json"), inside(&path, "tsconfig.json")];
        ways.iter().find_map(|path| self.find(path))
    }
}

/// What one file says, without what it extends.
#[derive(Debug, Default)]
pub(in crate::project) struct Written {
    extends: Vec<String>,
    references: Vec<String>,
    base_url: Option<String>,
    /// Pattern, and the paths it stands for.
    paths: Option<Vec<(String, Vec<String>)>>,
}

impl Written {
    fn of(text: &str) -> Written {
        let Some(Value::Object(object)) = json::lax(text) else { return Written::default() };
        let extends = match object.get("extends").map(|property| &property.value) {
            Some(Value::StringLit(name)) => vec![name.value.to_string()],
            Some(value) => json::strings(value),
            None => Vec::new(),
        };
        let references = object.get_array("references").map(|list| list.elements.as_slice()).unwrap_or_default();
        let path = |reference: &Value<'_>| json::string(reference.as_object()?, "path").map(str::to_owned);
        let options = object.get_object("compilerOptions");
        let entry = |property: &ObjectProp<'_>| (property.name.as_str().to_owned(), json::strings(&property.value));
        Written {
            extends,
            references: references.iter().filter_map(path).collect(),
            base_url: options.and_then(|options| json::string(options, "baseUrl")).map(str::to_owned),
            paths: options
                .and_then(|options| options.get_object("paths"))
                .map(|paths| paths.properties.iter().map(entry).collect()),
        }
    }
}

impl TsConfig {
    fn take_over(&mut self, base: TsConfig) {
        self.base_url = base.base_url.or(self.base_url.take());
        if !base.paths.is_empty() {
            self.paths = base.paths;
        }
    }

    fn read_options(&mut self, own: &Written, folder: &str, leaf: &str) {
        let place = |base: &str, path: &str| match path.strip_prefix("${configDir}") {
            Some(rest) => inside(leaf, rest.trim_start_matches('/')),
            None => inside(base, path),
        };
        if let Some(base) = &own.base_url {
            self.base_url = normalized(&place(folder, base));
        }
        let Some(paths) = &own.paths else { return };
        let base = self.base_url.as_deref().unwrap_or(folder);
        let targets = |targets: &[String]| targets.iter().map(|target| place(base, target)).collect();
        self.paths = paths.iter().map(|(pattern, written)| (pattern.clone(), targets(written))).collect();
    }

    /// The paths that a module stands for: those of the pattern itself, else of the one with the longest beginning.
    fn targets(&self, module: &str) -> Vec<String> {
        if let Some((_, targets)) = self.paths.iter().find(|(pattern, _)| pattern == module) {
            return targets.clone();
        }
        let matching = self.paths.iter().filter_map(|(pattern, targets)| {
            let middle = if pattern == "*" { module } else { star(pattern, module)? };
            Some((pattern.find('*'), middle, targets))
        });
        let best = matching.max_by_key(|(length, ..)| *length);
        best.map_or_else(Vec::new, |(_, middle, targets)| targets.iter().map(|t| t.replacen('*', middle, 1)).collect())
    }
}
