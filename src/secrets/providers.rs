//! The token shapes of providers: how a token begins, what follows, and its checksum where there is one.

use super::checksums;

/// One provider's kind of secret token. Tokens that are made to be public are none of these.
#[derive(Debug)]
pub struct Provider {
    /// Whose token it is.
    pub name: &'static str,
    /// A literal that every such token holds.
    pub literal: &'static str,
    /// How many characters stand before the literal.
    pub before: usize,
    /// The whole token as an ASCII pattern.
    pub pattern: &'static str,
    /// Whether the characters can belong to each other.
    pub is_valid: fn(&str) -> bool,
}

const fn token(name: &'static str, literal: &'static str, pattern: &'static str) -> Provider {
    Provider { name, literal, before: 0, pattern, is_valid: checksums::none }
}

const fn checked(provider: Provider, is_valid: fn(&str) -> bool) -> Provider {
    Provider { is_valid, ..provider }
}

const fn after(before: usize, provider: Provider) -> Provider {
    Provider { before, ..provider }
}

/// Every shape. Classes are written out: `\w` with a count makes a pattern large.
#[rustfmt::skip]
pub static PROVIDERS: &[Provider] = &[
    checked(token("GitHub", "ghp_", "ghp_[0-9A-Za-z]{36}"), checksums::crc32_at_end),
    checked(token("GitHub", "gho_", "gho_[0-9A-Za-z]{36}"), checksums::crc32_at_end),
    checked(token("GitHub", "ghu_", "ghu_[0-9A-Za-z]{36}"), checksums::crc32_at_end),
    checked(token("GitHub", "ghs_", "ghs_[0-9A-Za-z]{36}"), checksums::crc32_at_end),
    checked(token("GitHub", "ghr_", "ghr_[0-9A-Za-z]{36}"), checksums::crc32_at_end),
    token("GitHub", "github_pat_", "github_pat_[0-9A-Za-z]{22}_[0-9A-Za-z]{59}"),
    checked(token("npm", "npm_", "npm_[0-9A-Za-z]{36}"), checksums::crc32_at_end),
    token("GitLab", "glpat-", "glpat-[0-9A-Za-z_-]{20,50}(?:\\.[0-9a-z]{2}\\.[0-9a-z]{9})?"),
    token("GitLab", "gldt-", "gldt-[0-9A-Za-z_-]{20}"),
    token("GitLab", "glrt-", "glrt-[0-9A-Za-z_-]{20}"),
    token("GitLab", "glptt-", "glptt-[0-9a-f]{40}"),
    token("Slack", "xoxb-", "xoxb-[0-9]{10,13}-[0-9A-Za-z-]{20,80}"),
    token("Slack", "xoxp-", "xoxp-[0-9]{10,13}-[0-9A-Za-z-]{20,100}"),
    token("Slack", "xapp-", "xapp-[0-9]-[0-9A-Z]{8,14}-[0-9]{10,14}-[0-9a-z]{60,70}"),
    token("Slack", "https://hooks.slack.com/services/", "https://hooks\\.slack\\.com/services/T[0-9A-Z]{8,12}/B[0-9A-Z]{8,12}/[0-9A-Za-z]{24}"),
    token("Stripe or Clerk", "sk_live_", "sk_live_[0-9A-Za-z]{24,107}"),
    token("Stripe or Clerk", "sk_test_", "sk_test_[0-9A-Za-z]{24,107}"),
    token("Stripe", "rk_live_", "rk_live_[0-9A-Za-z]{24,107}"),
    token("Stripe", "rk_test_", "rk_test_[0-9A-Za-z]{24,107}"),
    token("a webhook", "whsec_", "whsec_[0-9A-Za-z+/]{32,64}={0,2}"),
    token("OpenAI", "sk-proj-", "sk-proj-[0-9A-Za-z_-]{40,180}"),
    token("OpenAI", "sk-svcacct-", "sk-svcacct-[0-9A-Za-z_-]{40,180}"),
    token("OpenAI", "sk-admin-", "sk-admin-[0-9A-Za-z_-]{40,180}"),
    after(23, token("OpenAI", "T3BlbkFJ", "sk-[0-9A-Za-z]{20}T3BlbkFJ[0-9A-Za-z]{20}")),
    token("OpenRouter", "sk-or-v1-", "sk-or-v1-[0-9a-f]{64}"),
    token("Anthropic", "sk-ant-", "sk-ant-(?:api|admin)[0-9]{2}-[0-9A-Za-z_-]{93}AA"),
    token("Langfuse", "sk-lf-", "sk-lf-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    token("Groq", "gsk_", "gsk_[0-9A-Za-z]{52}"),
    token("xAI", "xai-", "xai-[0-9A-Za-z]{80}"),
    token("Perplexity", "pplx-", "pplx-[0-9A-Za-z]{48}"),
    token("Hugging Face", "hf_", "hf_[A-Za-z]{34}"),
    token("Replicate", "r8_", "r8_[0-9A-Za-z]{37}"),
    token("LangSmith", "lsv2_", "lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}"),
    token("E2B", "e2b_", "e2b_[0-9a-f]{40}"),
    token("AWS", "AKIA", "AKIA[2-7A-Z]{16}"),
    token("Google OAuth", "GOCSPX-", "GOCSPX-[0-9A-Za-z_-]{28}"),
    token("a private key", "-----BEGIN ", "-----BEGIN (?:RSA |EC |DSA |OPENSSH |ENCRYPTED )?PRIVATE KEY-----[0-9A-Za-z+/=\\\\ \\n\\r]{40}"),
    token("age", "AGE-SECRET-KEY-1", "AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}"),
    token("Azure Storage", "AccountKey=", "AccountKey=[0-9A-Za-z+/]{86}=="),
    token("SendGrid", "SG.", "SG\\.[0-9A-Za-z_-]{22}\\.[0-9A-Za-z_-]{43}"),
    token("Mailgun", "key-", "key-[0-9a-f]{32}"),
    token("Brevo", "xkeysib-", "xkeysib-[0-9a-f]{64}-[0-9A-Za-z]{16}"),
    token("Resend", "re_", "re_[0-9A-Za-z]{8}_[0-9A-Za-z]{24}"),
    checked(token("Supabase", "eyJ", "eyJ[0-9A-Za-z_-]{10,80}\\.eyJ[0-9A-Za-z_-]{30,400}\\.[0-9A-Za-z_-]{20,100}"), checksums::is_service_role),
    token("Supabase", "sbp_", "sbp_[0-9a-f]{40}"),
    token("Supabase", "sb_secret_", "sb_secret_[0-9A-Za-z_-]{31}"),
    token("Vercel Blob", "vercel_blob_rw_", "vercel_blob_rw_[0-9A-Za-z]{10,24}_[0-9A-Za-z]{24,40}"),
    token("Netlify", "nfp_", "nfp_[0-9A-Za-z]{36}"),
    token("Cloudflare", "v1.0-", "v1\\.0-[0-9a-f]{24}-[0-9a-f]{146}"),
    token("DigitalOcean", "dop_v1_", "dop_v1_[0-9a-f]{64}"),
    token("DigitalOcean", "doo_v1_", "doo_v1_[0-9a-f]{64}"),
    token("Heroku", "HRKU-AA", "HRKU-AA[0-9A-Za-z_-]{58}"),
    token("Fly.io", "fm2_", "fm2_[0-9A-Za-z+/=_]{100,400}"),
    token("PlanetScale", "pscale_", "pscale_(?:tkn|pw|oauth)_[0-9A-Za-z_.=-]{32,64}"),
    token("Neon", "napi_", "napi_[0-9a-z]{64}"),
    token("Databricks", "dapi", "dapi[0-9a-f]{32}(?:-[0-9])?"),
    token("Linear", "lin_api_", "lin_api_[0-9A-Za-z]{40}"),
    token("Notion", "ntn_", "ntn_[0-9]{11}[0-9A-Za-z]{35}"),
    token("Figma", "figd_", "figd_[0-9A-Za-z_-]{40}"),
    token("Airtable", "pat", "pat[0-9A-Za-z]{14}\\.[0-9a-f]{64}"),
    token("Postman", "PMAK-", "PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
    token("Contentful", "CFPAT-", "CFPAT-[0-9A-Za-z_-]{43}"),
    token("Shopify", "shpat_", "shpat_[0-9A-Fa-f]{32}"),
    token("Shopify", "shpss_", "shpss_[0-9A-Fa-f]{32}"),
    token("Square", "sq0csp-", "sq0csp-[0-9A-Za-z_-]{43}"),
    token("Square", "sq0atp-", "sq0atp-[0-9A-Za-z_-]{22}"),
    token("EasyPost", "EZAK", "EZAK[0-9A-Za-z]{54}"),
    token("Sentry", "sntryu_", "sntryu_[0-9a-f]{64}"),
    token("Sentry", "sntrys_eyJ", "sntrys_eyJ[0-9A-Za-z+/=_-]{80,400}"),
    token("New Relic", "NRAK-", "NRAK-[0-9A-Z]{27}"),
    token("Grafana", "glsa_", "glsa_[0-9A-Za-z]{32}_[0-9A-Fa-f]{8}"),
    token("PostHog", "phx_", "phx_[0-9A-Za-z_]{43,60}"),
    token("Discord", "https://discord.com/api/webhooks/", "https://discord\\.com/api/webhooks/[0-9]{17,20}/[0-9A-Za-z_-]{60,80}"),
    after(10, token("Telegram", ":AA", "[0-9]{10}:AA[0-9A-Za-z_-]{33}")),
    token("PyPI", "pypi-AgEIcHlwaS5vcmc", "pypi-AgEIcHlwaS5vcmc[0-9A-Za-z_-]{50,400}"),
    token("RubyGems", "rubygems_", "rubygems_[0-9a-f]{48}"),
    token("Docker Hub", "dckr_pat_", "dckr_pat_[0-9A-Za-z_-]{27}"),
    token("Atlassian", "ATATT3", "ATATT3[0-9A-Za-z_=-]{180,200}"),
    token("Doppler", "dp.pt.", "dp\\.pt\\.[0-9A-Za-z]{40,44}"),
    token("Doppler", "dp.st.", "dp\\.st\\.(?:[0-9a-z_-]{2,35}\\.)?[0-9A-Za-z]{40,44}"),
    token("Vault", "hvs.", "hvs\\.[0-9A-Za-z_-]{90,120}"),
    after(14, token("Terraform", ".atlasv1.", "[0-9A-Za-z]{14}\\.atlasv1\\.[0-9A-Za-z_=-]{60,70}")),
    token("Pulumi", "pul-", "pul-[0-9a-f]{40}"),
    token("1Password", "ops_eyJ", "ops_eyJ[0-9A-Za-z+/=]{250,400}"),
    token("Buildkite", "bkua_", "bkua_[0-9a-f]{40}"),
    token("Tailscale", "tskey-", "tskey-(?:auth|api|client)-[0-9A-Za-z]{8,20}-[0-9A-Za-z]{20,40}"),
    token("Inngest", "signkey-prod-", "signkey-prod-[0-9a-f]{64}"),
    token("Trigger.dev", "tr_prod_", "tr_prod_[0-9A-Za-z]{20,40}"),
];
