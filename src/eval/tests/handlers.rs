//! Handlers: what a stranger finds before the work.

use super::*;

fn guard_in(sources: &[(&'static str, &str)]) -> Option<Guard> {
    let files = files(sources);
    let evaluator = Evaluator::new(&files, &OPEN);
    evaluator.guard(&|evaluator| evaluator.export(FileId(0), "GET"), &["request", "context"], Answer::Response).guard
}

fn guard(body: &str) -> Option<Guard> {
    guard_in(&[(
        "a.ts",
        &format!(
            "import {{ NextResponse }} from 'next/server'; import {{ timingSafeEqual, createHash }} from 'node:crypto'; import {{ work }} from 'somewhere'; {body}"
        ),
    )])
}

#[test]
fn a_handler_that_asks_nothing_lets_everybody_in() {
    assert_eq!(
        guard("export async function GET() { await work(); return Response.json({ ok: true }) }"),
        Some(Guard::Nothing)
    );
    assert_eq!(
        guard(
            "export const GET = async (request) => { console.log(request.url); await work(); return new Response('ok') }"
        ),
        Some(Guard::Nothing)
    );
}

#[test]
fn a_comparison_with_an_unset_secret_fails_open() {
    let open = "export async function GET(request: Request) { \
        if (request.headers.get('authorization') !== `Bearer ${process.env.CRON_SECRET}`) return new Response('no', { status: 401 }); \
        await work(); return NextResponse.json({ ok: true }) }";
    assert_eq!(guard(open), Some(Guard::FailsOpen));
    let skipped = "export async function GET(request: Request) { const secret = process.env.CRON_SECRET; \
        if (secret && request.headers.get('authorization') !== `Bearer ${secret}`) { return new Response('no', { status: 401 }); } \
        await work(); return NextResponse.json({ ok: true }) }";
    assert_eq!(guard(skipped), Some(Guard::FailsOpen));
}

#[test]
fn a_comparison_that_refuses_an_unset_secret_holds() {
    for handler in [
        "const secret = process.env.CRON_SECRET; export async function GET(request: Request) { \
            if (!secret || request.headers.get('authorization') !== `Bearer ${secret}`) return new Response('no', { status: 401 }); \
            await work(); return Response.json({ ok: true }) }",
        "export async function GET(request: Request) { if (request.headers.get('x-cron-secret') !== process.env.CRON_SECRET) return new NextResponse(null, { status: 403 }); \
            await work(); return Response.json({ ok: true }) }",
        "export async function GET(request: Request) { const secret = process.env.CRON_SECRET; if (!secret) throw new Error('missing'); \
            const a = Buffer.from(request.headers.get('authorization') ?? ''); const b = Buffer.from(`Bearer ${secret}`); \
            if (a.length !== b.length || !timingSafeEqual(a, b)) return Response.json({ error: 'no' }, { status: 401 }); \
            await work(); return Response.json({ ok: true }) }",
        "export async function GET(request: Request) { const digest = (text) => createHash('sha256').update(text).digest(); \
            const token = request.headers.get('authorization')?.slice(7); const secret = process.env.CRON_SECRET; \
            if (!token || !secret || !timingSafeEqual(digest(token), digest(secret))) return Response.json({}, { status: 401 }); \
            return Response.json(await work()) }",
    ] {
        assert_eq!(guard(handler), Some(Guard::Compares), "{handler}");
    }
}

#[test]
fn a_required_secret_cannot_be_unset() {
    let env = "import { createEnv } from '@beignet/core/config'; import { z } from 'zod'; \
        export const env = createEnv({ server: { CRON_SECRET: z.string().min(32) }, runtimeEnv: process.env })";
    let route = "import { env } from './env'; export async function GET(request: Request) { \
        if (request.headers.get('authorization') !== `Bearer ${env.CRON_SECRET}`) return new Response('no', { status: 401 }); \
        return Response.json({ ok: true }) }";
    assert_eq!(guard_in(&[("a.ts", route), ("env.ts", env)]), Some(Guard::Compares));
}

#[test]
fn a_check_in_another_file_is_followed() {
    let helper = "export function assertCron(request) { if (request.headers.get('authorization') !== 'Bearer ' + process.env.CRON_SECRET) { throw new Error('no') } }";
    let route = "import { assertCron } from './helper'; export async function GET(request) { assertCron(request); return Response.json({}) }";
    assert_eq!(guard_in(&[("a.ts", route), ("helper.ts", helper)]), Some(Guard::FailsOpen));
    let wrapper = "export const withCron = (run) => async (request) => { const secret = process.env.CRON_SECRET; \
        if (!secret || request.headers.get('authorization') !== `Bearer ${secret}`) return new Response(null, { status: 401 }); return run(request) }";
    let route = "import { withCron } from './helper'; export const GET = withCron(async () => Response.json({}))";
    assert_eq!(guard_in(&[("a.ts", route), ("helper.ts", wrapper)]), Some(Guard::Compares));
}

#[test]
fn an_unused_comparison_is_none() {
    let unused = "export async function GET(request) { timingSafeEqual(Buffer.from(request.headers.get('authorization') ?? ''), Buffer.from('x')); await work(); return Response.json({}) }";
    assert_eq!(guard(unused), Some(Guard::Nothing));
}

#[test]
fn what_cannot_be_followed_is_not_accused() {
    for handler in [
        "export async function GET(request) { if (!(await work(request))) return new Response(null, { status: 401 }); return Response.json({}) }",
        "export async function GET(request) { await work(request.headers); return Response.json({}) }",
        "export async function GET() { const session = await work(); if (!session) return new Response(null, { status: 401 }); return Response.json({}) }",
        "export const GET = work(async () => Response.json({}))",
    ] {
        assert_eq!(guard(handler), None, "{handler}");
    }
}

/// A handler behind a check of what the caller sends, in `token`, against two secrets.
fn guarded_by(check: &str) -> Option<Guard> {
    guard(&format!(
        "const A = process.env.CRON_SECRET; const B = process.env.CRON_SECRET_OLD; const LIST = process.env.CRON_SECRETS; \
         export async function GET(request: Request) {{ \
            const header = request.headers.get('authorization'); const token = header?.replace('Bearer ', ''); \
            const no = () => new Response('no', {{ status: 401 }}); {check}; await work(); return Response.json({{}}) }}"
    ))
}

#[test]
fn what_is_sent_is_held_against_each_accepted_value() {
    for check in [
        "if (![A, B].includes(token)) return no()",
        "if ([A, B].indexOf(token) === -1) return no()",
        "if ([A, B].lastIndexOf(token) == -1) return no()",
        "if ([A, B].indexOf(token) < 0) return no()",
        "if (!([A, B].indexOf(token) >= 0)) return no()",
        "const is = [A, B].indexOf(token) > -1; if (!is) return no()",
        "if (!~[A, B].indexOf(token)) return no()",
        "if (~[A, B].indexOf(token) === 0) return no()",
        "if ([A, B].indexOf(token) + 1 === 0) return no()",
        "if (![A, B].some((one) => one === token)) return no()",
        "if ([A, B].every((one) => one !== token)) return no()",
        "if ([A, B].findIndex((one) => one === token) === -1) return no()",
        "if (!new Set([A, B]).has(token)) return no()",
        "if (!(LIST ?? '').split(',').includes(token)) return no()",
        "if ([`Bearer ${A}`, `Bearer ${B}`].indexOf(header) === -1) return no()",
        "if (!header?.startsWith(`Bearer ${A}`)) return no()",
    ] {
        assert_eq!(guarded_by(check), Some(Guard::FailsOpen), "{check}");
    }
    for check in [
        "if (!token || ![A, B].includes(token)) return no()",
        "if ([A, B].filter(Boolean).indexOf(token) === -1) return no()",
        "const is = token ? [A, B].indexOf(token) !== -1 : false; if (!is) return no()",
        "if (!~[A, B].filter(Boolean).indexOf(token)) return no()",
        "if (![A, B].find((one) => one === token)) return no()",
        "if (!LIST?.split(',').some((one) => one === token)) return no()",
        "const all = (LIST ?? '').split(',').map((one) => one.trim()).filter(Boolean); if (all.indexOf(token) < 0) return no()",
    ] {
        assert_eq!(guarded_by(check), Some(Guard::Compares), "{check}");
    }
    assert_eq!(guarded_by("if (token && [A, B].indexOf(token) === -1) return no()"), Some(Guard::Nothing));
    // Each text has the empty one in it.
    assert_eq!(guarded_by("if (!A!.includes(token ?? '')) return no()"), None);
    assert_eq!(guarded_by("if (work().indexOf(token) === -1) return no()"), None);
}

fn lets_everybody_through(authorize: &str) -> Option<bool> {
    let source = format!("import {{ work }} from 'somewhere'; export const authorize = {authorize}");
    let files = files(&[("a.ts", &source)]);
    let evaluator = Evaluator::new(&files, &OPEN);
    evaluator.lets_everybody_through(&|evaluator| evaluator.export(FileId(0), "authorize"), &["input"])
}

#[test]
fn a_check_that_is_always_true_is_no_check() {
    assert_eq!(lets_everybody_through("() => true"), Some(true));
    assert_eq!(
        lets_everybody_through("async () => { return process.env.NODE_ENV === 'production' || false }"),
        Some(true)
    );
    assert_eq!(lets_everybody_through("({ ctx }) => Boolean(ctx.user)"), Some(false));
    assert_eq!(lets_everybody_through("({ ctx }) => ctx.user !== null"), Some(false));
    assert_eq!(
        lets_everybody_through("async ({ ctx }) => { await ctx.gate.authorize('x'); return true }"),
        Some(false)
    );
    assert_eq!(
        lets_everybody_through(
            "async ({ ctx, metadata }) => { const page = await ctx.pages.find(metadata.id); if (page.owner !== ctx.user.id) throw new Error('no'); return true }"
        ),
        Some(false)
    );
    assert_eq!(
        lets_everybody_through("async () => { const session = await work(); return session.role === 'admin' }"),
        None
    );
}

#[test]
fn a_loose_comparison_with_an_unset_token_is_always_true() {
    assert_eq!(
        lets_everybody_through("(request) => request.headers.get('x-token') == process.env.DEVTOOLS_TOKEN"),
        Some(true)
    );
    assert_eq!(
        lets_everybody_through("(request) => request.headers.get('x-token') === process.env.DEVTOOLS_TOKEN"),
        Some(false)
    );
}

#[test]
fn a_result_is_made_of_parts_of_the_input() {
    let source = "export const key = ({ ctx, uploadId, file }) => `${ctx.user.id}/${uploadId}-${file.name}`; export const bare = ({ file }) => `uploads/${file.name}`";
    let files = files(&[("a.ts", source)]);
    let evaluator = Evaluator::new(&files, &OPEN);
    let parts = |name: &str| {
        let (parts, followed) = evaluator.result_is_made_of(&evaluator.export(FileId(0), name), &["input"]);
        (parts.iter().any(|part| part.starts_with("input.ctx")), followed)
    };
    assert_eq!((parts("key"), parts("bare")), ((true, true), (false, true)));
}

#[test]
fn endless_work_is_found_two_calls_away() {
    let source = "function poll() { setInterval(() => {}, 1000) } function begin() { poll() } \
        export const direct = () => { while (true) { work() } }; export const far = async () => { begin() }; \
        export const again = () => { const tick = () => { setTimeout(tick, 10) }; tick() }; \
        export const once = () => { setTimeout(() => {}, 10); for (const x of [1]) { x } }";
    let files = files(&[("a.ts", source)]);
    let evaluator = Evaluator::new(&files, &OPEN);
    let loops = |name: &str| evaluator.starts_loop(&evaluator.export(FileId(0), name)).is_some();
    assert_eq!(["direct", "far", "again", "once"].map(loops), [true, true, true, false]);
}
