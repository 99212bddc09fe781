//! Schemas of the environment: what code gets that reads a key, in each state of its variable.

use super::*;

const HEAD: &str = "import { createEnv } from '@beignet/core/config'; import { z } from 'zod';";

/// The value of `env.KEY` behind a schema.
fn key_in(environment: &Environment, schema: &str) -> String {
    let source = format!(
        "{HEAD} const env = createEnv({{ server: {{ KEY: {schema} }}, runtimeEnv: process.env }}); export default env.KEY"
    );
    evaluate_in(environment, &[("a.ts", &source)])
}

fn set(text: &'static str) -> Environment {
    Environment { set: vec![("KEY", text)], closed: true }
}

#[test]
fn a_key_is_its_variable_behind_its_schema() {
    assert_eq!(key_in(&set("https://a"), "z.string().url()"), "\"https://a\"");
    assert_eq!(key_in(&set("8080"), "z.coerce.number().int().default(3000)"), "8080");
    assert_eq!(key_in(&set(" A "), "z.string().trim().toLowerCase()"), "\"a\"");
    assert_eq!(key_in(&set("a,b"), "z.string().transform((v) => v.split(','))"), "[\"a\", \"b\"]");
    assert_eq!(key_in(&set("true"), "z.enum(['true', 'false']).transform((v) => v === 'true').optional()"), "true");
}

#[test]
fn what_a_transform_answers_that_has_complained_is_seen_by_nobody() {
    let schema = "z.string().transform((v, ctx) => { if (v === 'b') { ctx.addIssue({}); return z.NEVER; } return v; })";
    assert_eq!(key_in(&set("a"), schema), "\"a\"");
    assert_eq!(key_in(&set("b"), schema), "?Undecided");
}

#[test]
fn any_text_is_true_to_a_coerced_boolean() {
    assert_eq!(key_in(&set("false"), "z.coerce.boolean()"), "true");
    assert_eq!(key_in(&CLOSED, "z.coerce.boolean()"), "false");
    assert_eq!(key_in(&set("false"), "z.stringbool()"), "false");
}

#[test]
fn an_absent_variable_is_its_default_or_absent() {
    assert_eq!(key_in(&CLOSED, "z.string().default('file:local.db')"), "\"file:local.db\"");
    assert_eq!(key_in(&CLOSED, "z.string().optional()"), "absent");
    assert_eq!(key_in(&OPEN, "z.string().default('x')"), "<KEY set: \"x\" | ?KEY>");
    assert_eq!(key_in(&OPEN, "z.string().optional()"), "?KEY");
}

#[test]
fn an_empty_text_counts_as_absent() {
    assert_eq!(key_in(&set(""), "z.string().default('x')"), "\"x\"");
}

#[test]
fn what_is_required_is_there_since_the_program_ends_without_it() {
    assert_eq!(key_in(&CLOSED, "z.string().min(32)"), "?KEY");
    let source = format!(
        "{HEAD} const env = createEnv({{ server: {{ KEY: z.string() }}, runtimeEnv: process.env }}); export default env.KEY ?? 'fallback'"
    );
    assert_eq!(evaluate_in(&OPEN, &[("a.ts", &source)]), "?KEY");
}

#[test]
fn a_schema_guarantees_its_least_length() {
    let source = format!(
        "{HEAD} export const env = createEnv({{ server: {{ KEY: z.string().min(32).optional() }}, runtimeEnv: process.env }}); export default env.KEY"
    );
    let files = files(&[("a.ts", &source)]);
    let evaluator = Evaluator::new(&files, &OPEN);
    let Kind::Unknown(unknown) = evaluator.export(FileId(0), "default").kind else { panic!("unknown") };
    assert_eq!((unknown.at_least_chars, unknown.unset_with.as_deref()), (32, Some("KEY")));
}

#[test]
fn an_address_has_some_characters_and_no_least_length() {
    for schema in ["z.string().url()", "z.url()", "z.string().url().optional()"] {
        let source = format!(
            "{HEAD} export const env = createEnv({{ server: {{ KEY: {schema} }}, runtimeEnv: process.env }}); export default env.KEY"
        );
        let files = files(&[("a.ts", &source)]);
        let evaluator = Evaluator::new(&files, &OPEN);
        let Kind::Unknown(unknown) = evaluator.export(FileId(0), "default").kind else { panic!("unknown") };
        assert_eq!(unknown.at_least_chars, 3, "{schema}");
        assert_eq!(evaluator.declared_variables()[0].min_chars, None, "{schema}");
    }
}

#[test]
fn a_local_secret_behind_the_production_switch_is_out_of_reach() {
    let schema = "isProduction ? strict : strict.default('local-development-secret')";
    let source = format!(
        "{HEAD} const isProduction = process.env.NODE_ENV === 'production' && process.env.NEXT_PHASE !== 'phase-production-build'; \
         const strict = z.string().min(32).refine((v) => v !== 'local-development-secret'); \
         const env = createEnv({{ server: {{ KEY: {schema} }}, runtimeEnv: process.env }}); export default env.KEY"
    );
    assert!(!evaluate_in(&OPEN, &[("a.ts", &source)]).contains("local-development-secret"));
}

#[test]
fn a_helper_can_make_an_optional_variable_required_in_production() {
    let schema = "requiredInProduction()";
    let source = format!(
        "{HEAD} const prod = process.env.NODE_ENV === 'production'; \
         const requiredInProduction = () => z.string().min(32).optional().superRefine((value, ctx) => {{ if (prod && !value) {{ ctx.addIssue({{ code: 'custom' }}); }} }}); \
         export const env = createEnv({{ server: {{ KEY: {schema} }}, runtimeEnv: process.env }}); export default env"
    );
    let files = files(&[("a.ts", &source)]);
    let evaluator = Evaluator::new(&files, &OPEN);
    evaluator.export(FileId(0), "default");
    let declared = evaluator.declared_variables();
    assert_eq!((declared[0].optional, declared[0].min_chars), (Some(false), Some(32)));
}

#[test]
fn a_strict_map_can_give_a_key_another_name() {
    let source = format!(
        "{HEAD} export const env = createEnv({{ server: {{ SECRET: z.string().optional() }}, runtimeEnvStrict: {{ SECRET: process.env.OUTBOX_SECRET }} }}); export default env.SECRET"
    );
    assert_eq!(evaluate_in(&OPEN, &[("a.ts", &source)]), "?OUTBOX_SECRET");
}

#[test]
fn a_parsed_environment_declares_its_keys() {
    let source = "import { z } from 'zod'; const env = z.object({ PORT: z.coerce.number().default(3000), URL: z.string() }).parse(process.env); export default env.PORT";
    assert_eq!(evaluate_in(&CLOSED, &[("a.ts", source)]), "3000");
}

#[test]
fn what_becomes_of_a_parsed_environment_as_a_whole_counts() {
    let source = "import { z } from 'zod'; const schema = z.object({ A: z.string().optional() }).transform((env, ctx) => { \
        const config = { b: { c: env.A ?? 'x' } }; if (env.A && !config.b) { ctx.addIssue({}); return z.NEVER; } return config; }); \
        export default schema.parse(process.env).b.c";
    assert_eq!(evaluate_in(&CLOSED, &[("a.ts", source)]), "\"x\"");
}

#[test]
fn another_validator_is_unknown_and_never_absent() {
    assert_eq!(key_in(&CLOSED, "z.string().customLink()"), "?customLink()");
}
