use super::*;
use crate::eval::{Kind, Place, Value};
use crate::settings::Type;
use crate::syntax::Span;

fn masked(text: &str, shape: Shape) -> String {
    masked_by(&Masker::default(), text, shape)
}

fn masked_by(masker: &Masker, text: &str, shape: Shape) -> String {
    let masked = Masked::new(masker, text, shape, &[]);
    (1..=masked.lines()).map(|line| masked.line(line).unwrap()).collect::<Vec<_>>().join("\n")
}

/// No eight characters in a row of the canary are left.
fn assert_hides(shown: &str, canary: &str) {
    let characters: Vec<char> = canary.chars().collect();
    for part in characters.windows(8.min(characters.len())) {
        let part: String = part.iter().collect();
        assert!(!shown.contains(&part), "`{part}` of `{canary}` is left in:\n{shown}");
    }
}

/// A secret that no pattern gives away: only its name does.
const PLAIN: &str = "correct horse battery staple";
/// A secret that looks generated: it is found without a name.
const GENERATED: &str = "h8Kq2ZxP0vTn4RwY7sLb";

#[test]
fn a_secrets_name_hides_its_value_in_every_kind_of_file() {
    for (shape, text) in [
        (Shape::Script, format!("const config = {{ password: '{PLAIN}', port: 80 }}")),
        (Shape::Script, format!("export const jwtSecret =\n  env.JWT_SECRET ??\n  \"{PLAIN}\"")),
        (Shape::Script, format!("secret: env.SECRET\n  ?? `{PLAIN}`,")),
        (Shape::Script, format!("{{ \"secrets\": {{ \"user\": \"{PLAIN}\" }} }}")),
        (Shape::Script, format!("{{ auth: {{ jwt: {{ alg: \"HS256\", secret: \"{PLAIN}\" }} }} }}")),
        (Shape::Script, format!("{{ auth: \"{PLAIN}\" }}")),
        (Shape::Script, format!("setPassword(\"a\", \"{PLAIN}\")")),
        (Shape::Script, format!("headers[\"authorization\"] = \"{PLAIN}\"")),
        (Shape::Script, format!("// old password: {PLAIN}")),
        (Shape::Script, format!("process.env[\"API_KEY\"] || \"{PLAIN}\"")),
        (Shape::Hash, format!("SECRET_KEY = os.environ.get(\"SECRET_KEY\", \"{PLAIN}\")")),
        (Shape::Hash, format!("password = '''\n{PLAIN}\n{PLAIN}\n'''")),
        (Shape::Hash, format!("db(host=\"a\", password=\"{PLAIN}\")")),
        (Shape::Data, format!("  POSTGRES_PASSWORD: {PLAIN}")),
        (Shape::Data, format!("  - POSTGRES_PASSWORD={PLAIN}")),
        (Shape::Data, format!("ENV JWT_SECRET {PLAIN}")),
        (Shape::Data, format!("password: |\n  {PLAIN}\n  {PLAIN}\nport: 1")),
        (Shape::Data, format!("tokens:\n  - {PLAIN}\n  - {PLAIN}")),
        (Shape::Data, format!("command: redis-server --requirepass {PLAIN}")),
        (Shape::Data, format!("kind: Secret\nstringData:\n  plain: {PLAIN}")),
        (Shape::Data, format!("PASSWORD: pa$SECRET {PLAIN}")),
        (Shape::Data, format!("PASSWORD: ${{PASSWORD:-{PLAIN}}}")),
        (Shape::Env, format!("GREETING={PLAIN}")),
        (Shape::Env, format!("# GREETING=\"{PLAIN}\"")),
        (Shape::Env, format!("export A=\"{PLAIN}\n{PLAIN}\n\"\nB=1")),
        (Shape::Env, format!("A=1\n{PLAIN}")),
    ] {
        assert_hides(&masked(&text, shape), PLAIN);
    }
}

#[test]
fn generated_text_is_hidden_without_a_name() {
    for shape in [Shape::Script, Shape::Hash, Shape::Data, Shape::Env] {
        for text in [
            format!("f(\"{GENERATED}\")"),
            format!("# {GENERATED}"),
            format!("x: {GENERATED}"),
            format!("https://hooks.example.com/services/{GENERATED}"),
            format!("https://example.com/?q=1&sig={GENERATED}"),
        ] {
            assert_hides(&masked(&text, shape), GENERATED);
        }
    }
}

#[test]
fn credentials_in_urls_are_hidden() {
    let shown = masked("const url = \"postgres://app:hunter22@db:5432/app\"", Shape::Script);
    assert_eq!(shown, "const url = \"postgres://••••••••••••@db:5432/app\"");
}

#[test]
fn secret_parameters_are_hidden() {
    let shown = masked("f(\"/a?q=b?token=c&api_key=d e&pin=;token=#\")", Shape::Script);
    assert_eq!(shown, "f(\"/a?q=b?token=c&api_key=• e&pin=;token=#\")");
}

#[test]
fn a_dollar_in_a_password_is_no_reference() {
    assert_eq!(masked("PASSWORD=pa$sw0rd$WORD", Shape::Env), "PASSWORD=•••••••••••••");
    assert_eq!(masked("PASSWORD=$WORD4$word", Shape::Env), "PASSWORD=•••••••••••");
    assert_eq!(masked("PASSWORD=${OTHER:-abc}", Shape::Env), "PASSWORD=${OTHER••••••");
    assert_eq!(masked("PASSWORD=$ECRET", Shape::Env), "PASSWORD=••••••");
}

#[test]
fn a_key_without_an_end_is_hidden_to_the_end_of_the_file_however_often_it_begins() {
    let text = "-----BEGIN KEY-----\n".repeat(50_000);
    let masked = Masked::new(&Masker::default(), &text, Shape::Data, &[]);
    assert_eq!(masked.line(1), Some("-----BEGIN KEY-----"));
    assert_eq!(masked.line(2), Some(&*"•".repeat("-----BEGIN KEY-----".len())));
    assert_eq!(masked.lines(), 50_001);
}

#[test]
fn issued_tokens_and_key_blocks_are_hidden() {
    let text = "a = [\"AKIAIOSFODNN7EXAMPLE\", \"sk_live_abcdefgh\"]\nb = \"\"\"-----BEGIN RSA PRIVATE KEY-----\nabc def\n-----END RSA PRIVATE KEY-----\"\"\"";
    let shown = masked(text, Shape::Hash);
    for canary in ["AKIAIOSFODNN7EXAMPLE", "sk_live_abcdefgh", "abc def"] {
        assert_hides(&shown, canary);
    }
}

#[test]
fn known_secrets_are_hidden_wherever_they_stand() {
    let masker = Masker::new(&[Text::new("quiet river"), Text::new("postgres://app:silent-creek@db/app")]);
    let shown = masked_by(&masker, "f(\"quiet river\") // silent-creek", Shape::Script);
    assert_hides(&shown, "quiet river");
    assert_hides(&shown, "silent-creek");
    assert_eq!(masker.words("the value is quiet river now"), format!("the value is {HIDDEN} now"));
}

#[test]
fn known_places_are_hidden() {
    let text = "new Auth('a b c')";
    let masked = Masked::new(&Masker::default(), text, Shape::Script, &[Span::new(9, 16)]);
    assert_eq!(masked.line(1), Some("new Auth('•••••')"));
}

#[test]
fn a_place_that_begins_inside_a_character_hides_the_next_one() {
    let text = "f(é, ü)\r\n\n";
    let masked = Masked::new(&Masker::default(), text, Shape::Script, &[Span::new(3, 7), Span::new(5, 4)]);
    let lines: Vec<_> = (0..=4).map(|number| masked.line(number)).collect();
    assert_eq!(lines, [None, Some("f(é•••)"), Some(""), Some(""), None]);
}

#[test]
fn masking_keeps_lines_and_columns() {
    let text = "password: \"pässwörd\",\tnext: 1\r\nλ = 2\r\n";
    let shown = masked(text, Shape::Script);
    assert_eq!(shown, "password: \"••••••••\",\tnext: 1\nλ = 2\n");
}

#[test]
fn what_configuration_says_openly_is_left() {
    for (shape, text) in [
        (Shape::Script, "cors: { origin: env.ORIGINS?.split(\",\") ?? [\"*\"], credentials: true }"),
        (Shape::Script, "import { bknd } from \"bknd/adapter/cloudflare\""),
        (Shape::Script, "secret: env.get(\"JWT_SECRET\"),"),
        (Shape::Script, "cookie: { sameSite: \"none\", maxAge: 604800 }"),
        (Shape::Script, "accessTokenTtl: \"30d\""),
        (Shape::Script, "auth: { cookie: { sameSite: \"strict\", expires: 604800 }, mode: \"on\" }"),
        (Shape::Script, "password: { enabled: true, hashing: \"sha256\", rounds: 12000 }"),
        (Shape::Script, "\"bknd\": \"^0.20.0\","),
        (Shape::Hash, "ALLOWED_ORIGINS = [\"https://app.example.com\"]"),
        (Shape::Hash, "SECRET_KEY = os.environ[\"SECRET_KEY\"]"),
        (Shape::Data, "image: node:22.11.0-bookworm-slim"),
        (Shape::Data, "POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}"),
        (Shape::Data, "proxy_pass http://127.0.0.1:3000;"),
        (Shape::Env, "NODE_ENV=production\nPORT=3000\nDEBUG=false\nORIGINS=https://a.example,https://b.example"),
    ] {
        assert_eq!(masked(text, shape), text);
    }
}

#[test]
fn names_tell_secrets() {
    for name in [
        "JWT_SECRET",
        "dbPassword",
        "api-key",
        "STRIPE_KEY",
        "auth.jwt.secret",
        "SENTRY_DSN",
        "authToken",
        "redisRequirepass",
        "s.e.c.r.e.t",
        "token.",
        "größeSalt",
        "TO\u{212a}EN",
    ] {
        assert!(secret_name(name), "{name}");
    }
    for name in [
        "ORIGINS",
        "access_token_ttl",
        "monkey",
        "PORT",
        "passwordMinLength",
        "author",
        "keyboard",
        "config.auth.jwt.alg",
        "salt.value",
        "saltwater",
        "bypass",
        "größe",
        "",
    ] {
        assert!(!secret_name(name), "{name}");
    }
}

#[test]
fn what_acts_on_a_terminal_is_spelled_out() {
    assert_eq!(printable("a\u{1b}[31mb\nc\u{202e}d\u{9b}"), "a\\u{1b}[31mb\\u{a}c\\u{202e}d\\u{9b}");
    assert!(matches!(printable("größe 日本"), std::borrow::Cow::Borrowed(_)));
    assert_eq!(json_safe("\"a\u{202e}\u{9b}\u{e0001}\"\n"), "\"a\\u202e\\u009b\\udb40\\udc01\"\n");
}

#[test]
fn secrets_that_overlap_are_hidden_to_their_ends() {
    let masker = Masker::new(&[Text::new("alpha beta gamma"), Text::new("gamma delta")]);
    assert_eq!(masked_by(&masker, "x alpha beta gamma delta y", Shape::Script), "x •••••••••••••••••••••• y");
}

#[test]
fn everyday_words_are_no_secrets_elsewhere() {
    let masker = Masker::new(&[Text::new("production"), Text::new("true")]);
    assert_eq!(masked_by(&masker, "mode: \"production\"", Shape::Script), "mode: \"production\"");
}

mod any_text {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn masking_never_fails_and_keeps_every_line_and_column(text in "(?s).{0,200}", start in 0u32..200, end in 0u32..200) {
            let masker = Masker::new(&[Text::new("secret"), Text::new("\n\u{e4}\u{1f600}")]);
            for shape in [Shape::Env, Shape::Script, Shape::Hash, Shape::Data] {
                let masked = Masked::new(&masker, &text, shape, &[Span::new(start, end)]);
                let lines: Vec<&str> = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).collect();
                prop_assert_eq!(masked.lines() as usize, lines.len());
                for (number, line) in (1..).zip(lines) {
                    prop_assert_eq!(masked.line(number).unwrap().chars().count(), line.chars().count());
                }
            }
        }

        #[test]
        fn code_like_text_never_fails(text in r#"([a-z]{1,6}|secret|[\[\](){}"'`:=,;$\\#/*?|&+.-]|\n|\$\{|-----BEGIN |-----END|://|@|é){0,60}"#) {
            for shape in [Shape::Env, Shape::Script, Shape::Hash, Shape::Data] {
                masked(&text, shape);
            }
        }
    }
}

#[test]
fn an_env_file_hides_its_secrets_and_nothing_else() {
    let text = "LOG_LEVEL=debug # quiet later\nTOKEN_STORE=memory\nDB=file:data.db\nORIGINS=*\nREADY=true\n\
                JWT_SECRET=correct horse battery # the old one\nNOTE=debug # was hunter2-9d8f7a6b5c4e3f21\n\
                OTHER=debug # API_KEY=opensesame\nSTUDIO_REQUIRE_AUTH=off\n";
    let masked = Masked::new(&Masker::default(), text, Shape::Env, &[]);
    let line = |number| masked.line(number).unwrap_or_default().to_owned();
    assert_eq!(line(1), "LOG_LEVEL=debug # quiet later");
    assert_eq!(line(2), "TOKEN_STORE=memory");
    assert_eq!(line(3), "DB=file:data.db");
    assert_eq!((line(4), line(5)), ("ORIGINS=*".to_owned(), "READY=true".to_owned()));
    assert_eq!(line(9), "STUDIO_REQUIRE_AUTH=off");
    for (number, secret) in [(6, "horse"), (7, "9d8f7a6b5c4e3f21"), (8, "opensesame")] {
        assert!(!line(number).contains(secret), "{}", line(number));
    }
}

#[test]
fn a_value_that_is_reported_is_shown_where_it_is_no_secret() {
    let masker = Masker::default();
    let shown = |name: &str, text: &str| {
        masker.value(Type::Text, name, &Value::written(Kind::Text(text.into()), Place::Process))
    };
    for open in ["memory", "*", "file:data.db", "./data.db", "true", "public", "stateless", "/run/secrets/jwt"] {
        assert_eq!(shown("auth.tokenStorage", open), format!("\"{open}\""));
    }
    for secret in ["hunter2", "correct horse battery staple", "9d8f7a6b5c4e3f21", "s3cr3t!"] {
        assert_eq!(shown("auth.jwt.secret", secret), HIDDEN);
    }
}

#[test]
fn a_method_in_camel_case_is_no_secret_and_a_token_of_letters_is_one() {
    let shown = masked("const x = ExtractJwt.fromAuthHeaderAsBearerToken();", Shape::Script);
    assert!(shown.contains("fromAuthHeaderAsBearerToken"), "{shown}");
    let hidden = masked("const x = read(\"qWeRtYuIoPaSdFgHjKlZxCv\");", Shape::Script);
    assert!(!hidden.contains("PaSdFgHj"), "{hidden}");
}

#[test]
fn a_sentence_does_not_tell_what_a_password_is() {
    let masker = Masker::new(&BTreeSet::new());
    let shown = masker.prose("the password is olive-thunder-prism, the token was Plum9harbor");
    assert!(!shown.contains("olive") && !shown.contains("Plum9") && shown.starts_with("the password is"), "{shown}");
    assert_eq!(masker.prose("the password is optional"), "the password is optional");
}

#[test]
fn names_beside_a_secret_stay_readable() {
    let masker = Masker::new(&[Text::new("postgres"), Text::new("hunter2-9d8f7a6b5c4e3f21")]);
    let shown = |text: &str, shape: Shape| masked_by(&masker, text, shape);
    for open in [
        "ENGINE = \"django.db.backends.postgresql\"",
        "PASSWORD = os.environ.get(\"DBPASSWORD\")",
        "SECRET_KEY = os.environ.get(\n    \"SECRET_KEY\")",
    ] {
        assert_eq!(shown(open, Shape::Hash), open);
    }
    for open in [
        "{ key: \"Strict-Transport-Security\", value: \"max-age=63072000\" }",
        "key: ({ file }) => `uploads/${user.id}/${file.name}`",
    ] {
        assert_eq!(shown(open, Shape::Script), open);
    }
    assert_eq!(
        shown("SECRET_KEY: ${SECRET_KEY:?it is required}", Shape::Data),
        "SECRET_KEY: ${SECRET_KEY:?it is required}"
    );
    assert_eq!(shown("MCP_TOKEN_TTL_SECONDS=+7_200", Shape::Env), "MCP_TOKEN_TTL_SECONDS=+7_200");
    assert_eq!(shown("url = \"postgres://db:5432\"", Shape::Hash), "url = \"postgres://db:5432\"");
    assert_eq!(
        shown("AUTH_SECRET=q7Zc2Lx9Tb4Wn8Rk1Vd6Ys3HjPmGu5Ea0FoNiXw=", Shape::Env),
        format!("AUTH_SECRET={}", "•".repeat(40))
    );
    for (hidden, canary) in [
        ("PASSWORD = os.environ.get(\"DBPASSWORD\", \"hunter2\")", "hunter2"),
        ("{ key: \"hunter2-plain\", value: \"x\" }", "hunter2-plain"),
        ("secret: `hunter2/${name}`", "hunter2"),
        ("USER = \"postgres\"", "postgres"),
    ] {
        assert!(!shown(hidden, Shape::Script).contains(canary), "{}", shown(hidden, Shape::Script));
    }
    assert!(!shown("KEY: ${KEY:-correct horse}", Shape::Data).contains("horse"));
    assert!(!shown("MCP_TOKEN=72006611", Shape::Env).contains("7200"));
}
