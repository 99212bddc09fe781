//! Whether an app knows who visits it, as far as the words of its code say so: somebody signs in, or something is kept
//! in the visitor's browser. Where nobody does, there is nothing that a page in a stranger's frame could do in his name.

use crate::project::{FileKind, SourceKind};
use crate::reading::bench::Reading;
use crate::syntax::FileId;

/// Texts of code in which people sign in.
#[rustfmt::skip]
pub(crate) const SIGNING_IN: &[&str] = &[
    "login", "Login", "LOGIN", "signin", "signIn", "SignIn", "sign_in", "sign-in", "signup", "signUp", "SignUp",
    "sign-up", "sign_up", "passport", "oauth", "OAuth", "jsonwebtoken", "bcrypt", "argon2", "next-auth", "better-auth",
    "@clerk/", "check_password", "verify_password", "checkPassword", "verifyPassword", "comparePassword",
];

/// Texts of code that hands codes and tokens out.
pub(crate) const TOKENS: &[&str] = &["/token", "/otp"];

/// Texts of code that keeps something in the visitor's browser, or knows him again by it.
const KEEPING: &[&str] =
    &["cookie", "Cookie", "jwt", "JWT", "req.session", "request.session", "session[", "getSession", "useSession"];

/// Texts of code that takes a key from a header of the request.
#[rustfmt::skip]
const KEYS: &[&str] = &[
    "headers.authorization", "headers[\"authorization\"]", "headers['authorization']", "headers[\"x-api-key\"]",
    "headers['x-api-key']", "header(\"Authorization\")", "header('Authorization')", "header(\"authorization\")",
    "header('authorization')", "header(\"x-api-key\")", "header('x-api-key')", "APIKeyHeader",
];

/// Texts of code that lets people in by itself, knows a browser again, or sends pages.
#[rustfmt::skip]
const FOR_PEOPLE: &[&str] = &[
    "cookie-parser", "cookieParser", "req.cookies", "request.cookies", "res.cookie(", "headers.cookie", "getCookie", "setCookie", "set_cookie",
    "@fastify/cookie", "express-session", "req.session", "@fastify/session", "iron-session", "SessionMiddleware", "bcrypt",
    "argon2", "jsonwebtoken", "@nestjs/jwt", "passport", "next-auth", "better-auth", "@clerk/", "OAuth2PasswordBearer",
    "res.render(", "render_template", "TemplateResponse", "express.static", "serveStatic", "StaticFiles", "@fastify/static",
];

/// Texts of code that asks a model.
pub(crate) const MODELS: &[&str] =
    &["openai", "anthropic", "langchain", "generativeai", "genai", "@ai-sdk/", "mistralai", "cohere", "litellm"];

/// Texts of code that limits how often something is asked, or counts who fails.
#[rustfmt::skip]
pub(crate) const LIMITING: &[&str] = &[
    "RateLimit", "rateLimit", "ratelimit", "rate_limit", "rate-limit\"", "rate-limit'", "rate-limiter", "RATE_LIMIT", "Limiter", " limiter", ".limiter",
    "_limiter", "oginThrottl", "login_throttl", "login_attem", "loginAttem", "failed_login", "failedLogin", "LockedOut",
    "UserLocked", "extends ThrottlerGuard",
];

/// Texts of code that speaks a protocol of programs: no browser shows what it answers.
const PROTOCOLS: &[&str] = &["@modelcontextprotocol/", "from mcp", "import mcp", "fastmcp"];

/// Whether the code of an app answers programs alone: whoever asks shows a key in a header, nobody is known again by a
/// cookie or let in by a password, and no page is sent. A stranger's page gets nothing from it that he could not ask for
/// himself.
pub(crate) fn answers_programs(reading: &Reading<'_>, files: &[FileId]) -> bool {
    speaks_of(reading, files, &[KEYS]) && !speaks_of(reading, files, &[FOR_PEOPLE])
}

/// Whether the code of an app knows who visits it. Of what is all of a project nothing else is known, so it counts as
/// if it did, unless it is there for programs alone.
pub(crate) fn knows_visitors(reading: &Reading<'_>, files: &[FileId]) -> bool {
    if shows_examples(reading) || answers_programs(reading, files) || shows_documents(reading) {
        return false;
    }
    let is_all = reading.found.root.is_empty() && !speaks_of(reading, files, &[PROTOCOLS]);
    is_all || speaks_of(reading, files, &[SIGNING_IN, KEEPING])
}

/// Packages that make a site of documents.
const DOCUMENTS: &[&str] = &[
    "fumadocs-ui",
    "fumadocs-core",
    "nextra",
    "nextra-theme-docs",
    "vitepress",
    "@docusaurus/core",
    "@astrojs/starlight",
];

/// Packages by which people sign in.
const LOGINS: &[&str] = &["next-auth", "better-auth", "@clerk/nextjs", "@auth/core", "iron-session", "@supabase/ssr"];

/// Whether the app is a site of documents that nobody signs in to.
fn shows_documents(reading: &Reading<'_>) -> bool {
    let Some(package) = reading.found.package else { return false };
    let package = reading.documents.project.package(package);
    let needs = |names: &[&str]| names.iter().any(|name| package.dependencies.contains_key(*name));
    needs(DOCUMENTS) && !needs(LOGINS)
}

/// Whether the project says by its own name that it shows how something is used: `acme-examples`.
pub(crate) fn shows_examples(reading: &Reading<'_>) -> bool {
    let project = reading.documents.project;
    let mut roots = project.packages().iter().filter(|package| package.dir.is_empty());
    let last = |name: &str| name.rsplit(['-', '_', '/']).next().unwrap_or_default().to_ascii_lowercase();
    roots.any(|package| {
        let shown = package.name.as_ref().is_some_and(|name| matches!(&*last(name), "examples" | "samples" | "demos"));
        shown && package.workspaces.is_some()
    })
}

/// Whether code that the app runs has one of some texts: declarations of types and what was made small are other
/// people's words.
pub(crate) fn speaks_of(reading: &Reading<'_>, files: &[FileId], texts: &[&[&str]]) -> bool {
    let project = reading.documents.project;
    let is_own = |file: &FileId| {
        let own = project.file(*file);
        own.kind != FileKind::Source(SourceKind::Declarations) && !own.name().contains(".min.")
    };
    let own: Vec<FileId> = files.iter().copied().filter(is_own).collect();
    !project.mentioning(&own, &texts.concat()).is_empty()
}
