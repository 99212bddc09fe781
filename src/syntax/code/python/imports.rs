//! Imports.

use super::place;
use crate::syntax::code::tree::{Import, ImportName, Imported, Name, Statement};
use ruff_python_ast as ast;

/// `import a, b.c, d.e as f`. `import b.c` binds the package `b` and loads `b.c`: two statements.
pub(super) fn import(import: &ast::StmtImport, into: &mut Vec<Statement>) {
    let span = place(import.range);
    let statement =
        |module: Name, names: Vec<ImportName>| Statement::Import(Import { module, names, type_only: false, span });
    for alias in &import.names {
        let module: Name = alias.name.as_str().into();
        let bound = |local: Name, range| ImportName { what: Imported::Module, local, span: place(range) };
        match (&alias.asname, alias.name.as_str().split_once('.')) {
            (Some(local), _) => {
                into.push(statement(module, vec![bound(local.as_str().into(), local.range)]));
            }
            (None, None) => into.push(statement(module.clone(), vec![bound(module, alias.name.range)])),
            (None, Some((package, _))) => {
                let package: Name = package.into();
                into.push(statement(package.clone(), vec![bound(package, alias.name.range)]));
                into.push(statement(module, Vec::new()));
            }
        }
    }
}

/// `from ..a import b as c`, with the dots in the module's name.
pub(super) fn import_from(import: &ast::StmtImportFrom) -> Statement {
    let dots = ".".repeat(import.level as usize);
    let module = import.module.as_ref().map(|module| module.as_str()).unwrap_or_default();
    Statement::Import(Import {
        module: format!("{dots}{module}").into(),
        names: import.names.iter().map(name).collect(),
        type_only: false,
        span: place(import.range),
    })
}

fn name(alias: &ast::Alias) -> ImportName {
    let what = match alias.name.as_str() {
        "*" => Imported::Everything,
        name => Imported::Named(name.into()),
    };
    let local = alias.asname.as_ref().unwrap_or(&alias.name);
    ImportName { what, local: local.as_str().into(), span: place(local.range) }
}
