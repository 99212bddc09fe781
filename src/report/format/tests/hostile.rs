//! Names that a project chose to break a report.

use super::*;
use serde_json::Value;

const NAME: &str =
    "a\n::error::b]]>\"'<script>alert(1)</script>\u{1b}[31m\u{202e},|`x`](http://evil) @all %0A\u{ffff}&amp;";

/// A report in which every name and text of a project is hostile.
fn hostile() -> Report {
    let mut report = report();
    let spoil = |finding: &mut crate::findings::Finding| {
        finding.message.push_str(NAME);
        finding.fix.push_str(NAME);
        finding.when.push(NAME.into());
        finding.subjects[0].name = NAME.into();
        finding.targets.push(NAME.into());
        for step in &mut finding.trail {
            step.note.push_str(NAME);
        }
        for also in &mut finding.also {
            also.note.push_str(NAME);
        }
        for at in finding.location.iter_mut().chain(finding.trail.iter_mut().filter_map(|step| step.location.as_mut()))
        {
            at.file = NAME.into();
        }
    };
    report.findings.iter_mut().chain(&mut report.unverified).chain(&mut report.checklist).for_each(spoil);
    for waived in &mut report.suppressed {
        spoil(&mut waived.finding);
        waived.reason = NAME.into();
    }
    for problem in &mut report.problems {
        problem.message = NAME.into();
        problem.location.as_mut().unwrap().file = NAME.into();
    }
    for row in &mut report.settings {
        row.app = NAME.into();
        row.resource = NAME.into();
        (row.key, row.value, row.from) = (Some(NAME.into()), Some(NAME.into()), Some(NAME.into()));
    }
    report.apps[0].root = NAME.into();
    report.apps[0].targets.push(NAME.into());
    let frame = report.frames.values().next().cloned().expect("a frame");
    report.frames.insert(NAME.into(), frame);
    report
}

fn shown(format: Format) -> String {
    format.render(&hostile(), Style { checklist: true, detail: 1, ..Style::default() })
}

#[test]
fn json_formats_are_read_back_as_they_were_meant() {
    let json: Value = serde_json::from_str(&shown(Format::Json)).unwrap();
    assert_eq!(json["findings"][0]["location"]["file"], NAME);
    for line in shown(Format::Jsonl).lines() {
        serde_json::from_str::<Value>(line).unwrap();
    }
    let gitlab: Value = serde_json::from_str(&shown(Format::Gitlab)).unwrap();
    assert_eq!(gitlab[0]["location"]["path"], format!("services/api/{NAME}"));
    let sarif: Value = serde_json::from_str(&shown(Format::Sarif)).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
    assert!(uri.starts_with("services/api/a%0A%3A%3Aerror%3A%3Ab%5D%5D%3E"), "{uri}");
    // No link that the project wrote.
    assert!(!result["message"]["text"].as_str().unwrap().contains("]("));
}

#[test]
fn no_name_gives_the_runner_a_command() {
    let text = shown(Format::Github);
    let commands = text.lines().filter(|line| line.contains("::error") || line.starts_with("::"));
    for command in commands.clone() {
        let (properties, _) = command[2..].split_once("::").expect("a command has a message");
        assert!(["error ", "warning ", "notice "].iter().any(|kind| properties.starts_with(kind)), "{command}");
        assert!(!properties.contains("::"), "{command}");
        for property in properties.split_once(' ').unwrap().1.split(',') {
            assert!(property.contains('='), "{property} of {command}");
        }
    }
    let report = hostile();
    let counts = report.summary();
    let expected = counts.blocking + counts.warnings + counts.unverified + counts.checklist + counts.problems;
    assert_eq!(text.lines().count(), expected + 1, "{text}");
}

#[test]
fn xml_stays_well_formed() {
    let text = shown(Format::Junit);
    let document = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let cases = document.descendants().filter(|node| node.has_tag_name("testcase")).count();
    assert_eq!(cases, 8, "{text}");
    assert!(!document.descendants().any(|node| node.has_tag_name("script")));
}

#[test]
fn the_page_has_our_tags_alone() {
    let text = shown(Format::Html);
    let (text, script) = text.split_once("<script>").expect("our script");
    let own = include_str!("../../html/page.js");
    assert_eq!(script, format!("{own}</script>\n</body>\n</html>\n"), "it is the same for every project");
    let known = [
        "!doctype",
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "main",
        "section",
        "article",
        "h1",
        "h2",
        "h3",
        "p",
        "b",
        "code",
        "small",
        "nav",
        "ul",
        "ol",
        "li",
        "a",
        "dl",
        "div",
        "dt",
        "dd",
        "figure",
        "figcaption",
        "pre",
        "span",
        "mark",
        "details",
        "summary",
        "form",
        "label",
        "select",
        "option",
        "output",
        "input",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "br",
    ];
    for tag in text.split('<').skip(1) {
        let name: String =
            tag.trim_start_matches('/').chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '!').collect();
        assert!(known.contains(&name.as_str()), "<{name}");
    }
    for address in text.split("href=\"").skip(1) {
        assert!(address.starts_with('#') || address.starts_with("https://"), "{}", &address[..40]);
    }
}

#[test]
fn a_comment_calls_nobody_and_has_no_markup_of_a_project() {
    let text = shown(Format::Markdown);
    let prose = prose(&text);
    for markup in ["<script", "](http", "@all"] {
        assert!(!prose.contains(markup), "{markup} in {text}");
    }
    let tables: Vec<&str> = text.lines().filter(|line| line.starts_with("| ")).collect();
    for row in tables {
        let bars = row.replace("\\|", "").matches('|').count();
        assert_eq!(bars, 4, "{row}");
    }
}

/// The text without its code spans, which are shown as they are, and without escaped characters.
fn prose(text: &str) -> String {
    let mut rest = text.replace("\\\\", "").replace("\\`", "").replace("\\]", "").replace("\\[", "");
    let mut prose = String::new();
    while let Some(start) = rest.find('`') {
        prose.push_str(&rest[..start]);
        let fence = "`".repeat(rest[start..].chars().take_while(|c| *c == '`').count());
        let behind = start + fence.len();
        let end = rest[behind..].find(&fence).expect("a code span ends");
        rest = rest[behind + end + fence.len()..].to_owned();
    }
    prose + &rest
}
