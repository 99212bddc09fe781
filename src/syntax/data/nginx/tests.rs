use super::*;

fn file(text: &str) -> Nginx {
    let file = read(text).unwrap();
    assert_eq!(file.errors, [], "{text}");
    file
}

fn at(text: &str, span: Span) -> &str {
    &text[span.start as usize..span.end as usize]
}

fn args<'t>(text: &'t str, directive: &Directive) -> Vec<&'t str> {
    directive.args.iter().map(|argument| at(text, argument.span)).collect()
}

#[test]
fn directives_have_blocks_and_places() {
    let text =
        "http {\r\n  server { # é\r\n    listen 443 ssl;\r\n    add_header X-Ü \"a b; ü\" always;\r\n  }\r\n}\r\n";
    let file = file(text);
    let server = file.all("http").next().unwrap().all("server").next().unwrap();
    let header = server.all("add_header").next().unwrap();
    assert_eq!(args(text, header), ["X-Ü", "\"a b; ü\"", "always"]);
    assert!(header.arg(1).unwrap().is("a b; ü"));
    assert_eq!(at(text, header.name_span), "add_header");
    assert!(at(text, header.span).ends_with("always;"));
    assert!(at(text, server.span).starts_with("server {") && at(text, server.span).ends_with('}'));
    assert_eq!(at(text, file.comments[0]), "# é");
    assert!(header.block.is_none() && server.block.is_some());
}

#[test]
fn an_argument_with_variables_is_one_argument() {
    let text = "return 301 https://$host$request_uri;\nproxy_pass http://${UP}:80/${p}x;\n";
    let file = file(text);
    assert_eq!(args(text, &file.directives[0]), ["301", "https://$host$request_uri"]);
    assert_eq!(args(text, &file.directives[1]), ["http://${UP}:80/${p}x"]);
}

#[test]
fn patterns_and_maps_are_words() {
    let text = "location ~* \\.(js|css)$ { expires 1y; }\nlocation ~ \"^/a{2}$\" {}\nmap $a $b { default 0; ~^x#y 1; }\nif ($host = a) { return 1; }";
    let file = file(text);
    assert_eq!(args(text, &file.directives[0]), ["~*", "\\.(js|css)$"]);
    assert!(file.directives[0].arg(1).unwrap().is("\\.(js|css)$"));
    assert!(file.directives[1].arg(1).unwrap().is("^/a{2}$"));
    assert_eq!(args(text, &file.directives[2].block.as_ref().unwrap()[1]), ["1"]);
    assert_eq!(args(text, &file.directives[3]), ["($host", "=", "a)"]);
}

#[test]
fn escapes_are_read() {
    let file = file("a \"x\\\"y\\\\z\\d\" 'it\\'s' b\\;c;\n");
    assert!(file.directives[0].arg(0).unwrap().is("x\"y\\z\\d"));
    assert!(file.directives[0].arg(1).unwrap().is("it's"));
    assert!(file.directives[0].arg(2).unwrap().is("b\\;c"));
}

#[test]
fn programs_are_passed_over() {
    let text = "content_by_lua_block {\n  if x { y = '}' }\n}\nlisten 80;\n";
    let file = file(text);
    assert_eq!(file.directives[0].block, Some(Vec::new()));
    assert_eq!(args(text, &file.directives[1]), ["80"]);
}

#[test]
fn what_nginx_refuses_is_an_error_beside_the_rest() {
    let text = "listen 80\n}\nserver { root SECRET }\n; a b;\nhttp {\n  c d;\n";
    let file = read(text).unwrap();
    let places: Vec<&str> = file.errors.iter().map(|error| at(text, error.span)).collect();
    assert_eq!(places, ["listen 80", "}", "root SECRET", ";", "http"]);
    assert!(file.errors.iter().all(|error| !error.message.contains("SECRET")));
    let names: Vec<&str> = file.directives.iter().map(|directive| &*directive.name).collect();
    assert_eq!(names, ["server", "a", "http"]);
    assert_eq!(file.directives[2].all("c").count(), 1);
}

#[test]
fn an_open_quote_is_an_error() {
    let file = read("a \"é; b;").unwrap();
    assert_eq!(file.errors[0].span, Span::new(2, 3));
}

#[test]
fn small_files_are_files() {
    assert_eq!(file(""), Nginx::default());
    let text = "\u{feff}a\0b c;";
    assert_eq!(at(text, file(text).directives[0].name_span), "a\0b");
}

#[test]
fn hostile_files_are_refused_or_read_in_time() {
    assert!(matches!(read(&"a {".repeat(100_000)), Err(Refused::TooDeep(_))));
    for unit in ["{", "}", ";", "a ", "a;", "\"", "'", "\\", "${", "#\n", "x_by_lua_block {", "é"] {
        for text in [unit.repeat(50_000), format!("a {{ {}", unit.repeat(50_000))] {
            let Ok(file) = read(&text) else { continue };
            for error in file.errors {
                assert!(text.get(error.span.start as usize..error.span.end as usize).is_some(), "{unit}");
            }
        }
    }
}
