//! Real output against the published schema.

use super::super::tests::everything_once;
use super::*;
use serde_json::Value;

/// What is wrong with a value under the parts of JSON Schema that our schema uses.
fn mistakes(schema: &Value, root: &Value, value: &Value, at: &str) -> Vec<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.trim_start_matches('#')).expect("the reference leads somewhere");
        return mistakes(target, root, value, at);
    }
    if let Some(options) = schema["anyOf"].as_array() {
        let fits = options.iter().any(|option| mistakes(option, root, value, at).is_empty());
        return if fits { Vec::new() } else { vec![format!("{at} fits none of the options")] };
    }
    let mut found = Vec::new();
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let fits = |ty: &&str| match *ty {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "null" => value.is_null(),
        other => panic!("the schema has a type this test does not know: {other}"),
    };
    if !types.is_empty() && !types.iter().any(fits) {
        found.push(format!("{at} is not {types:?}"));
    }
    let words: Vec<&Value> = schema["enum"].as_array().into_iter().flatten().collect();
    let constants: Vec<&Value> = schema["oneOf"].as_array().into_iter().flatten().map(|one| &one["const"]).collect();
    for allowed in [words, constants] {
        if !allowed.is_empty() && !allowed.contains(&value) {
            found.push(format!("{at} is none of the words"));
        }
    }
    if let Some(object) = value.as_object() {
        let properties = schema["properties"].as_object();
        for required in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !object.contains_key(required) {
                found.push(format!("{at}.{required} is missing"));
            }
        }
        for (key, value) in object {
            match properties.and_then(|properties| properties.get(key)) {
                Some(schema) => found.extend(mistakes(schema, root, value, &format!("{at}.{key}"))),
                None => found.push(format!("{at}.{key} is not in the schema")),
            }
        }
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        found.extend(mistakes(&schema["items"], root, item, &format!("{at}[{index}]")));
    }
    found
}

#[test]
fn real_output_fits_the_published_schema() {
    let schema: Value = serde_json::from_str(&schema()).unwrap();
    let report: Value = serde_json::from_str(&render(&everything_once(), Style::default())).unwrap();
    for list in ["apps", "findings", "unverified", "checklist", "suppressed", "problems"] {
        assert!(report[list].as_array().is_some_and(|list| !list.is_empty()), "{list} is empty");
    }
    assert_eq!(mistakes(&schema, &schema, &report, "report"), Vec::<String>::new());
}

#[test]
fn a_mistake_is_found() {
    let schema: Value = serde_json::from_str(&schema()).unwrap();
    let mut report: Value = serde_json::from_str(&render(&everything_once(), Style::default())).unwrap();
    report["findings"][0]["severity"] = "dreadful".into();
    report["findings"][0]["location"]["line"] = "one".into();
    report["complete"] = Value::Null;
    assert_eq!(mistakes(&schema, &schema, &report, "report").len(), 3);
}
