use super::*;
use crate::syntax::data::interpolation::Form;

fn file(text: &str) -> Dockerfile {
    let file = read(text).unwrap();
    assert_eq!(file.errors, [], "{text}");
    file
}

fn at(text: &str, span: Span) -> &str {
    &text[span.start as usize..span.end as usize]
}

/// The instructions of the only stage.
fn instructions(text: &str) -> Vec<Instruction> {
    let file = file(text);
    assert_eq!(file.stages.len(), 1);
    file.stages[0].instructions.clone()
}

#[track_caller]
fn is(words: &[Word], expected: &[&str]) {
    let expected: Vec<Text> = expected.iter().map(|word| Text::from(*word)).collect();
    assert_eq!(words.iter().map(|word| word.text.clone()).collect::<Vec<_>>(), expected);
}

#[track_caller]
fn sets(pairs: &[Pair], expected: &[(&str, &str)]) {
    let found: Vec<_> = pairs.iter().map(|p| (&*p.name, p.value.as_ref().unwrap().text.clone())).collect();
    let expected: Vec<_> = expected.iter().map(|(name, value)| (*name, Text::from(*value))).collect();
    assert_eq!(found, expected);
}

#[test]
fn stages_have_bases_names_and_flags() {
    let text = "ARG V=20\nFROM --platform=$BUILDPLATFORM node:${V}-alpine AS Build\nRUN x\nFROM build\nCOPY --from=build --chown=a:b /a /b\n";
    let file = file(text);
    assert_eq!(&*file.globals[0].pairs()[0].name, "V");
    let build = &file.stages[0];
    assert_eq!(build.name.as_deref(), Some("build"));
    assert_eq!(at(text, build.base.span), "node:${V}-alpine");
    let v = Piece::Reference { name: "V".into(), form: Form::Plain };
    assert_eq!(build.base.pieces, [Piece::Text("node:".into()), v, Piece::Text("-alpine".into())]);
    assert_eq!(at(text, build.from.flag("platform").unwrap().span), "--platform=$BUILDPLATFORM");
    let copy = &file.last_stage().unwrap().instructions[0];
    assert!(copy.flag("from").unwrap().value.as_ref().unwrap().text.is("build"));
    is(copy.words(), &["/a", "/b"]);
}

#[test]
fn a_stage_has_what_its_bases_set() {
    let file = file("FROM node AS base\nFROM base AS deps\nFROM other\nFROM base\n");
    let lines = |stage: usize| file.lineage(&file.stages[stage]).len();
    assert_eq!([lines(0), lines(1), lines(2), lines(3)], [1, 2, 1, 2]);
    assert!(std::ptr::eq(file.lineage(&file.stages[1])[0], &file.stages[0]));
    assert!(std::ptr::eq(file.stage("DEPS").unwrap(), &file.stages[1]));
    assert!(std::ptr::eq(file.stage("2").unwrap(), &file.stages[2]));
}

#[test]
fn a_stage_named_after_its_image_does_not_start_from_itself() {
    let file = file("FROM node AS node\nFROM node AS node\n");
    assert_eq!(file.lineage(&file.stages[1]).len(), 2);
}

#[test]
fn env_has_two_forms() {
    let text = "FROM x\nENV A=1 B=\"two words\" C=a\\ b D='$A' E=\"$A\"\nENV F the rest of \"it\"\nLABEL \"org.x\"=y\n";
    let found = instructions(text);
    sets(found[0].pairs(), &[("A", "1"), ("B", "two words"), ("C", "a b"), ("D", "$A"), ("E", "$A")]);
    assert_eq!(at(text, found[0].pairs()[1].value.as_ref().unwrap().span), "\"two words\"");
    assert_eq!(found[0].pairs()[3].value.as_ref().unwrap().pieces, [Piece::Text("$A".into())]);
    let reference = Piece::Reference { name: "A".into(), form: Form::Plain };
    assert_eq!(found[0].pairs()[4].value.as_ref().unwrap().pieces, [reference]);
    sets(found[1].pairs(), &[("F", "the rest of it")]);
    sets(found[2].pairs(), &[("org.x", "y")]);
}

#[test]
fn an_argument_can_lack_a_default() {
    let found = instructions("FROM x\nARG TOKEN\nARG A=1 B\nARG E=\n");
    assert_eq!(found[0].pairs()[0].value, None);
    assert_eq!(found[1].pairs().len(), 2);
    assert!(found[2].pairs()[0].value.as_ref().unwrap().text.is_empty());
}

#[test]
fn escapes_keep_a_dollar() {
    let found = instructions("FROM x\nENV A=\\$B C=\"\\$D\\x\" E=$F$\n");
    sets(found[0].pairs(), &[("A", "$B"), ("C", "$D\\x"), ("E", "$F$")]);
    assert_eq!(found[0].pairs()[0].value.as_ref().unwrap().pieces, [Piece::Text("$B".into())]);
}

#[test]
fn commands_have_two_forms() {
    let text = "FROM x\nCMD [\"npm\", \"run\", \"dév\"]\nENTRYPOINT npm start -- \"a b\"\nCMD [npm start]\n";
    let found = instructions(text);
    is(found[0].words(), &["npm", "run", "dév"]);
    assert_eq!(at(text, found[0].words()[2].span), "\"dév\"");
    let Arguments::Shell(command, span) = &found[1].arguments else { panic!("not the shell form") };
    assert!(command.is("npm start -- \"a b\""));
    assert_eq!(at(text, *span), "npm start -- \"a b\"");
    assert!(matches!(&found[2].arguments, Arguments::Shell(command, _) if command.is("[npm start]")));
}

#[test]
fn lines_continue_over_comments_and_empty_lines() {
    let text = "FROM x\r\nRUN a && \\\r\n  # é\r\n\r\n  b \\ \r\n  c\r\nENV A=1 \\\r\n    B=ü\r\n";
    let file = file(text);
    let found = &file.stages[0].instructions;
    assert!(matches!(&found[0].arguments, Arguments::Shell(command, _) if command.is("a &&   b   c")));
    assert!(at(text, found[0].span).ends_with("\n  c"));
    assert_eq!(at(text, file.comments[0]), "# é");
    let b = &found[1].pairs()[1];
    assert_eq!((at(text, b.name_span), at(text, b.value.as_ref().unwrap().span)), ("B", "ü"));
}

#[test]
fn a_directive_changes_the_escape() {
    let text = "# syntax=docker/dockerfile:1\n# escape=`\nFROM x\nRUN dir C:\\ `\n  /s\nUSER a\n";
    let found = instructions(text);
    assert!(matches!(&found[0].arguments, Arguments::Shell(command, _) if command.is("dir C:\\   /s")));
    let late = instructions("# a comment\n# escape=`\nFROM x\nRUN a \\\n b\n");
    assert!(matches!(&late[0].arguments, Arguments::Shell(command, _) if command.is("a  b")));
}

#[test]
fn heredocs_belong_to_their_instruction() {
    let text = "FROM x\nRUN <<EOF\nset -e\n# no comment\nEOF\nCOPY <<-\"A\" <<B /c/\n\tone\n\tA\ntwo\nB\nUSER node\n";
    let file = file(text);
    let found = &file.stages[0].instructions;
    assert!(found[0].heredocs[0].text.is("set -e\n# no comment\n"));
    assert_eq!(at(text, found[0].heredocs[0].span), "set -e\n# no comment");
    assert!(at(text, found[0].span).ends_with("EOF"));
    assert!(found[1].heredocs[0].text.is("one\n"));
    assert!(found[1].heredocs[1].text.is("two\n"));
    is(found[2].words(), &["node"]);
    assert_eq!(file.comments, []);
}

#[test]
fn any_word_names_a_heredoc_and_blanks_may_stand_before_it() {
    for (text, body) in [
        ("FROM a\nRUN cat << EOF > /f\nUSER root\nEOF\nUSER x\n", "USER root\n"),
        ("FROM a\nRUN cat <<- EOF\n\tUSER root\n\tEOF\nUSER x\n", "USER root\n"),
        ("FROM a\nRUN <<EOF!\nUSER root\nEOF!\nUSER x\n", "USER root\n"),
        ("FROM a\nRUN <<\\EOF\nUSER $root\nEOF\nUSER x\n", "USER $root\n"),
    ] {
        let found = instructions(text);
        assert!(found[0].heredocs[0].text.is(body), "{text}");
        is(found[1].words(), &["x"]);
    }
    let shift = instructions("FROM a\nRUN echo $(( 1 << 2 )) && x\nUSER x\n");
    assert_eq!(shift[0].heredocs, []);
    is(shift[1].words(), &["x"]);
}

#[test]
fn an_empty_command_takes_the_one_of_the_base_away() {
    let found = instructions("FROM a\nCMD\n");
    assert_eq!(found[0].arguments, Arguments::Exec(Vec::new()));
}

#[test]
fn a_user_and_a_folder_are_one_word() {
    let found = instructions("FROM a\nUSER x # c\nWORKDIR /a b\nUSER \"$U\"\n");
    is(found[0].words(), &["x # c"]);
    is(found[1].words(), &["/a b"]);
    assert!(matches!(found[2].words()[0].pieces[..], [Piece::Reference { .. }]));
}

#[test]
fn an_instruction_can_wait_for_the_next_build() {
    let text = "FROM x\nonbuild run npm ci\n";
    let found = instructions(text);
    assert!(found[0].on_build);
    assert_eq!(found[0].keyword, Keyword::Run);
    assert_eq!(at(text, found[0].keyword_span), "run");
}

#[test]
fn mounts_are_flags() {
    let found = instructions("FROM x\nRUN --mount=type=secret,id=npm --network=none npm ci --omit=dev\n");
    assert!(found[0].flag("mount").unwrap().value.as_ref().unwrap().text.is("type=secret,id=npm"));
    assert!(matches!(&found[0].arguments, Arguments::Shell(command, _) if command.is("npm ci --omit=dev")));
    assert_eq!(found[0].flags.len(), 2);
}

#[test]
fn json_paths_are_words() {
    let found = instructions("FROM x\nCOPY --chown=node [\"a b\", \"$DIR/\"]\nVOLUME [\"/data\"]\n");
    is(found[0].words(), &["a b", "$DIR/"]);
    assert_eq!(found[0].words()[1].pieces.len(), 2);
    is(found[1].words(), &["/data"]);
}

#[test]
fn what_docker_refuses_is_an_error_beside_the_rest() {
    let text = "RUN early\nFROM x\nNONSENSE SECRET\nENV A\nUSER\nUSER node\nFROM a b\n";
    let file = read(text).unwrap();
    let places: Vec<&str> = file.errors.iter().map(|error| at(text, error.span)).collect();
    assert_eq!(places, ["RUN early", "NONSENSE", "A", "USER", "FROM a b"]);
    assert!(file.errors.iter().all(|error| !error.message.contains("SECRET")));
    is(file.stages[0].instructions[0].words(), &["node"]);
}

#[test]
fn a_file_without_a_stage_is_an_error() {
    for text in ["", "# only\n", "\u{feff}"] {
        let file = read(text).unwrap();
        assert_eq!(file.errors[0].span, Span::new(text.len() as u32, text.len() as u32));
    }
}

#[test]
fn a_byte_order_mark_and_null_bytes_do_no_harm() {
    let text = "\u{feff}FROM x\nRUN a\0b\n";
    assert_eq!(at(text, file(text).stages[0].from.keyword_span), "FROM");
}

#[test]
fn an_unclosed_reference_is_malformed() {
    let found = instructions("FROM x\nENV A=a${B\n");
    assert_eq!(found[0].pairs()[0].value.as_ref().unwrap().pieces, [Piece::Text("a".into()), Piece::Malformed]);
}

#[test]
fn hostile_files_are_read_in_time() {
    let units = [
        "ENV ",
        "a=1 ",
        "$",
        "${",
        "${a:-",
        "'",
        "\"",
        "\\",
        "\\\n",
        "<<E ",
        "<< E! ",
        "RUN << E!\n",
        "RUN <<E\n",
        "--a ",
        "FROM a\n",
        "[",
        "ONBUILD ",
        "#\n",
        "é",
    ];
    for unit in units {
        for head in ["", "FROM x\nENV A=", "FROM x\nRUN ", "FROM x\nCOPY ", "FROM x\nENV "] {
            let text = format!("{head}{}", unit.repeat(10_000));
            let file = read(&text).unwrap();
            let spans = file.stages.iter().flat_map(|s| &s.instructions).map(|i| i.span);
            for span in spans.chain(file.errors.iter().map(|error| error.span)).chain(file.comments) {
                assert!(text.get(span.start as usize..span.end as usize).is_some(), "{unit} {span:?}");
            }
        }
    }
}
