//! Packages that read the environment by rules of their own, and services that hand it out.

use super::*;

fn set(text: &'static str) -> Environment {
    Environment { set: vec![("KEY", text)], closed: true }
}

/// What `KEY` is behind a schema of Joi, as code reads it that goes on only without an error.
fn by_joi(environment: &Environment, schema: &str) -> String {
    let source = format!(
        "import Joi from 'joi'; const {{ value, error }} = Joi.object({{ KEY: {schema} }}).unknown().validate(process.env); if (error) throw error; export default value.KEY"
    );
    evaluate_in(environment, &[("a.ts", &source)])
}

#[test]
fn what_joi_does_not_require_may_be_absent() {
    assert_eq!(by_joi(&CLOSED, "Joi.string()"), "absent");
    assert_eq!(by_joi(&CLOSED, "Joi.string().default('x')"), "\"x\"");
    assert_eq!(by_joi(&CLOSED, "Joi.string().min(32).required()"), "?KEY");
    assert_eq!(by_joi(&set("8080"), "Joi.number().port().default(3000)"), "8080");
    assert_eq!(by_joi(&set("false"), "Joi.boolean()"), "false");
}

/// What `KEY` is behind a validator of envalid.
fn by_envalid(environment: &Environment, validator: &str) -> String {
    let source = format!(
        "import {{ cleanEnv, str, bool, num }} from 'envalid'; export const env = cleanEnv(process.env, {{ KEY: {validator} }}); export default env.KEY"
    );
    evaluate_in(environment, &[("a.ts", &source)])
}

#[test]
fn envalid_takes_defaults_for_developers_outside_production_alone() {
    assert_eq!(by_envalid(&CLOSED, "str({ default: 'x' })"), "\"x\"");
    assert_eq!(by_envalid(&CLOSED, "str({ devDefault: 'x' })"), "?KEY");
    assert_eq!(by_envalid(&CLOSED, "str()"), "?KEY");
    assert_eq!(by_envalid(&set("true"), "bool()"), "true");
    assert_eq!(by_envalid(&set("5"), "num()"), "5");
}

/// What env-var makes of `KEY`.
fn by_env_var(environment: &Environment, chain: &str) -> String {
    let source = format!("import * as env from 'env-var'; export default env.get('KEY'){chain}");
    evaluate_in(environment, &[("a.ts", &source)])
}

#[test]
fn env_var_reads_a_variable_step_by_step() {
    assert_eq!(by_env_var(&CLOSED, ".default('x').asString()"), "\"x\"");
    assert_eq!(by_env_var(&CLOSED, ".asString()"), "absent");
    assert_eq!(by_env_var(&CLOSED, ".required().asString()"), "?KEY");
    assert_eq!(by_env_var(&set("a,b"), ".required().asArray()"), "[\"a\", \"b\"]");
    assert_eq!(by_env_var(&set("TRUE"), ".asBool()"), "true");
    assert_eq!(by_env_var(&set("8080"), ".default('3000').asPortNumber()"), "8080");
}

/// What convict has under `a.key`.
fn by_convict(environment: &Environment, leaf: &str) -> String {
    let source = format!(
        "import convict from 'convict'; const config = convict({{ a: {{ key: {leaf} }} }}); config.validate(); export default config.get('a.key')"
    );
    evaluate_in(environment, &[("a.ts", &source)])
}

#[test]
fn convict_has_its_variable_before_its_default() {
    assert_eq!(by_convict(&CLOSED, "{ format: String, default: 'x', env: 'KEY' }"), "\"x\"");
    assert_eq!(by_convict(&set("y"), "{ format: String, default: 'x', env: 'KEY' }"), "\"y\"");
    assert_eq!(by_convict(&set("8080"), "{ format: 'port', default: 3000, env: 'KEY' }"), "8080");
    assert_eq!(by_convict(&set("no"), "{ format: Boolean, default: false, env: 'KEY' }"), "true");
    assert_eq!(by_convict(&CLOSED, "{ default: 3000 }"), "3000");
}

/// What the service of configuration of NestJS gives.
fn by_service(environment: &Environment, call: &str) -> String {
    let source = format!(
        "import {{ ConfigService }} from '@nestjs/config'; const app = make(); export default app.get(ConfigService).{call}"
    );
    evaluate_in(environment, &[("a.ts", &source)])
}

#[test]
fn a_service_of_configuration_gives_variables() {
    assert_eq!(by_service(&set("x"), "get('KEY')"), "\"x\"");
    assert_eq!(by_service(&CLOSED, "get('KEY')"), "absent");
    assert_eq!(by_service(&CLOSED, "get('KEY', 'y')"), "\"y\"");
    assert_eq!(by_service(&OPEN, "get<string>('KEY')"), "?KEY");
}

#[test]
fn a_list_knows_where_something_stands_and_whether_some_of_it_fits() {
    let list =
        |rest: &str| evaluate_in(&CLOSED, &[("a.ts", &format!("const all = ['a', 'b']; export default all{rest}"))]);
    assert_eq!(list(".indexOf('b')"), "1");
    assert_eq!(list(".indexOf('c') !== 1"), "true");
    assert_eq!(list(".some((one) => one === 'b')"), "true");
    assert_eq!(list(".every((one) => one === 'b')"), "false");
}

#[test]
fn a_conditional_on_a_variable_that_it_uses_is_a_fallback() {
    let of = |code: &str| evaluate_in(&OPEN, &[("a.ts", &format!("export default {code}"))]);
    assert_eq!(of("process.env.KEY ? process.env.KEY : 'x'"), of("process.env.KEY || 'x'"));
}

#[test]
fn what_a_platform_hands_to_each_request_is_a_variable() {
    let source = "import { sign } from 'hono/jwt'; export const handler = (c) => sign({}, c.env.KEY); export default 1";
    let files = files(&[("a.ts", source)]);
    let environment = set("k");
    let evaluator = Evaluator::new(&files, &environment);
    let uses = evaluator.uses(&[FileId(0)], &[FileId(0)], &|module| module == "hono/jwt");
    assert_eq!(show(&uses[0].argument(1)), "\"k\"");
}
