//! Imports and exports of modules.

use super::{Lowerer, place};
use crate::syntax::Span;
use crate::syntax::code::tree::{Export, Expr, Import, ImportName, Imported, Name, Pattern, Statement};
use oxc_ast::ast;

impl Lowerer<'_> {
    /// An import or export.
    pub(super) fn module_statement(&mut self, statement: &ast::ModuleDeclaration<'_>, into: &mut Vec<Statement>) {
        match statement {
            ast::ModuleDeclaration::ImportDeclaration(import) => into.push(Statement::Import(import_of(import))),
            ast::ModuleDeclaration::ExportDeclaration(export) => self.declaration(&export.declaration, true, into),
            ast::ModuleDeclaration::ExportDefaultDeclaration(export) => into.push(self.export_default(export)),
            ast::ModuleDeclaration::TSExportAssignment(export) => {
                let value = self.expr(&export.expression);
                into.push(Statement::ExportDefault { value, whole: true, span: place(export.span) });
            }
            ast::ModuleDeclaration::ExportAllDeclaration(export) => into.push(export_all(export)),
            ast::ModuleDeclaration::ExportNamedDeclaration(export) => {
                into.push(export_list(&export.specifiers, export.export_kind, None, export.span));
            }
            ast::ModuleDeclaration::ExportFromDeclaration(export) => {
                let module = Some(export.source.value.as_str().into());
                into.push(export_list(&export.specifiers, export.export_kind, module, export.span));
            }
            ast::ModuleDeclaration::TSNamespaceExportDeclaration(export) => {
                into.push(Statement::Opaque(place(export.span)));
            }
        }
    }

    fn export_default(&mut self, export: &ast::ExportDefaultDeclaration<'_>) -> Statement {
        use ast::ExportDefaultDeclarationKind as Kind;
        let span = place(export.span);
        match &export.declaration {
            Kind::FunctionDeclaration(function) if function.body.is_none() => Statement::Opaque(span),
            Kind::FunctionDeclaration(function) => {
                let function = self.function(function);
                let name = function.name.clone().unwrap_or_else(|| "default".into());
                let decorators = Vec::new();
                Statement::Function {
                    name,
                    function: function.into(),
                    decorators,
                    exported: true,
                    is_default: true,
                    span,
                }
            }
            Kind::ClassDeclaration(class) => {
                Statement::Class { class: self.class(class).into(), exported: true, is_default: true }
            }
            Kind::TSInterfaceDeclaration(_) => Statement::Opaque(span),
            expression => {
                let value = self.expr(expression.to_expression());
                Statement::ExportDefault { value, whole: false, span }
            }
        }
    }

    /// `import a = require("m")` and `import a = b.c`.
    pub(super) fn import_equals(
        &mut self,
        import: &ast::TSImportEqualsDeclaration<'_>,
        exported: bool,
        into: &mut Vec<Statement>,
    ) {
        let span = place(import.span);
        let local: Name = import.id.name.as_str().into();
        let local_span = place(import.id.span);
        let value = match &import.module_reference {
            ast::TSModuleReference::ExternalModuleReference(external) => {
                let name = ImportName { what: Imported::Module, local: local.clone(), span: local_span };
                let module = external.expression.value.as_str().into();
                let type_only = import.import_kind.is_type();
                into.push(Statement::Import(Import { module, names: vec![name], type_only, span }));
                if exported {
                    into.push(export_one(local.clone(), local, span));
                }
                return;
            }
            ast::TSModuleReference::IdentifierReference(name) => Expr::name(place(name.span), name.name.as_str()),
            ast::TSModuleReference::QualifiedName(_) => Expr::opaque(span, "namespace"),
        };
        into.push(Statement::Declare { pattern: Pattern::Name(local, local_span), value: Some(value), exported, span });
    }
}

fn import_of(import: &ast::ImportDeclaration<'_>) -> Import {
    Import {
        module: import.source.value.as_str().into(),
        names: import.specifiers.iter().flatten().filter_map(import_name).collect(),
        type_only: import.import_kind.is_type(),
        span: place(import.span),
    }
}

/// What a specifier binds; `import { type T }` binds nothing.
fn import_name(specifier: &ast::ImportDeclarationSpecifier<'_>) -> Option<ImportName> {
    use ast::ImportDeclarationSpecifier as Specifier;
    let (what, local) = match specifier {
        Specifier::ImportSpecifier(named) if named.import_kind.is_type() => return None,
        Specifier::ImportSpecifier(named) => (imported(&named.imported), &named.local),
        Specifier::ImportDefaultSpecifier(default) => (Imported::Default, &default.local),
        Specifier::ImportNamespaceSpecifier(namespace) => (Imported::Module, &namespace.local),
    };
    Some(ImportName { what, local: local.name.as_str().into(), span: place(local.span) })
}

fn imported(name: &ast::ModuleExportName<'_>) -> Imported {
    match name.name().as_str() {
        "default" => Imported::Default,
        other => Imported::Named(other.into()),
    }
}

fn export_all(export: &ast::ExportAllDeclaration<'_>) -> Statement {
    let span = place(export.span);
    if export.export_kind.is_type() {
        return Statement::Opaque(span);
    }
    let entry = match &export.exported {
        Some(name) => (Imported::Module, name.name().as_str().into()),
        None => (Imported::Everything, "".into()),
    };
    Statement::Export(Export { module: Some(export.source.value.as_str().into()), names: vec![entry], span })
}

fn export_list(
    specifiers: &[ast::ExportSpecifier<'_>],
    kind: ast::ImportOrExportKind,
    module: Option<Name>,
    span: oxc_span::Span,
) -> Statement {
    let span = place(span);
    if kind.is_type() {
        return Statement::Opaque(span);
    }
    let values = specifiers.iter().filter(|specifier| !specifier.export_kind.is_type());
    let names =
        values.map(|specifier| (imported(&specifier.local), specifier.exported.name().as_str().into())).collect();
    Statement::Export(Export { module, names, span })
}

/// The export of one local name.
pub(super) fn export_one(local: Name, exported: Name, span: Span) -> Statement {
    Statement::Export(Export { module: None, names: vec![(Imported::Named(local), exported)], span })
}
