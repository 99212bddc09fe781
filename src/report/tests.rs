use super::*;
use crate::eval::{Because, How, Kind, Step, Value};
use crate::findings::scene::{Scene, default_of, fallback_origins, policy, signing_secret};

const CONFIG: &str = r#"import { defineConfig } from "bknd";

export default defineConfig({
  server: {
    cors: { origin: env.ORIGINS?.split(",") ?? ["*"], allow_credentials: true },
  },
  auth: {
    jwt: { secret: "correct horse battery" },
  },
});
"#;

/// Every format in every size.
fn everything(report: &Report) -> Vec<String> {
    let mut shown = Vec::new();
    for format in [Format::Human, Format::Concise, Format::Json] {
        for (colour, width, detail) in [(false, 80, 0), (true, 120, 1), (false, 80, -1)] {
            shown.push(format.render(report, Style { colour, width, detail, checklist: true }));
        }
    }
    shown
}

/// A project with something of each kind.
fn mixed() -> Scene {
    let rules = &[
        "cors/credentialed-wildcard",
        "secrets/hardcoded",
        "secrets/too-short",
        "secrets/placeholder",
        "secrets/missing",
    ];
    let mut scene = Scene::new(rules, &[("bknd.config.ts", CONFIG)]);
    let mut model = scene.model("");
    let credentials = default_of("server.cors", Kind::Bool(true));
    model.resources.push(policy(&scene, fallback_origins(&scene), credentials));
    let text = "\"correct horse battery\"";
    let value = scene.written(0, text, Kind::Text("correct horse battery".into()));
    model.resources.push(signing_secret(&scene, "jwt", value, "jwt"));
    let reads = Step::start(scene.place(0, "auth"), How::Reads { variable: "CRON_SECRET".into(), fallback: None });
    let unknown = Value::unknown(Because::Variable("CRON_SECRET".into()), &reads);
    model.resources.push(signing_secret(&scene, "CRON_SECRET", unknown, "auth"));
    scene.add(None, model);
    scene
}

#[test]
fn what_people_read() {
    insta::assert_snapshot!(Format::Human.render(&mixed().report(), Style::default()));
}

#[test]
fn one_line_a_finding() {
    insta::assert_snapshot!(Format::Concise.render(&mixed().report(), Style::default()));
}

#[test]
fn json_is_the_published_schema() {
    insta::assert_snapshot!(Format::Json.render(&mixed().report(), Style::default()));
}
