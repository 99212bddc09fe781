//! Modules of Python that are configurations: which value each of their names ends with.

use super::*;

/// The names of the first module after it ran, each as `NAME = value`.
pub(super) fn names(environment: &Environment, sources: &[(&'static str, &str)]) -> String {
    let files = files(sources);
    let evaluator = Evaluator::new(&files, environment);
    evaluator.run_program(&[FileId(0)]);
    let named = evaluator.names_of(FileId(0)).into_iter().filter(|name| !name.contains(char::is_lowercase));
    let shown = named.filter_map(|name| Some(format!("{name} = {}", show(&evaluator.own_name(FileId(0), &name)?))));
    shown.collect::<Vec<_>>().join("; ")
}

#[test]
fn of_a_star_import_and_an_assignment_the_later_one_counts() {
    let base = ("base.py", "A = 1\nB = 1\n_C = 1\n");
    assert_eq!(names(&CLOSED, &[("a.py", "from base import *\nA = 2\n"), base]), "A = 2; B = 1");
    assert_eq!(names(&CLOSED, &[("a.py", "A = 2\nfrom base import *\n"), base]), "A = 1; B = 1");
    let listed = ("base.py", "__all__ = ['B']\nA = 1\nB = 1\n");
    assert_eq!(names(&CLOSED, &[("a.py", "from base import *\nA = 2\n"), listed]), "A = 2; B = 1");
}

#[test]
fn a_condition_chooses_between_imports() {
    let main = "import os\nif os.getenv('STAGE') == 'live':\n    from live import *\nelse:\n    from dev import *\n";
    let sources = [("a.py", main), ("live.py", "DEBUG = False\n"), ("dev.py", "DEBUG = True\n")];
    assert_eq!(names(&CLOSED, &sources), "DEBUG = true");
    let live = Environment { set: vec![("STAGE", "live")], closed: true };
    assert_eq!(names(&live, &sources), "DEBUG = false");
    assert_eq!(names(&OPEN, &sources), "DEBUG = <STAGE is live: true | false>");
}

#[test]
fn an_import_that_leads_nowhere_is_left_for_its_handler() {
    let main = "DEBUG = False\ntry:\n    from .local import *\nexcept ImportError:\n    DEBUG = None\n";
    assert_eq!(names(&CLOSED, &[("a.py", main)]), "DEBUG = null");
    assert_eq!(names(&CLOSED, &[("a.py", main), ("local.py", "DEBUG = True\n")]), "DEBUG = null");
    let main = main.replace(".local", "local");
    assert_eq!(names(&CLOSED, &[("a.py", &main), ("local.py", "DEBUG = True\n")]), "DEBUG = true");
}

#[test]
fn a_module_that_is_needed_and_not_there_may_set_constants_anew() {
    let main = "DEBUG = False\nfrom .local import *\nHOST = 'b'\n";
    assert_eq!(names(&CLOSED, &[("a.py", main)]), "DEBUG = ?file .local; HOST = \"b\"");
}

#[test]
fn names_that_no_assignment_binds_are_names_too() {
    let main = "A = 1\nB = 1\ndel B\nglobals().update({'C': 2}, D=3)\nglobals()['A'] = 4\n";
    assert_eq!(names(&CLOSED, &[("a.py", main)]), "A = 4; B = absent; C = 2; D = 3");
}

#[test]
fn names_of_a_package_that_is_not_seen_are_noted() {
    let files = files(&[("a.py", "from elsewhere import *\nA = 1\n")]);
    let evaluator = Evaluator::new(&files, &CLOSED);
    evaluator.run_program(&[FileId(0)]);
    assert_eq!(evaluator.unseen_names().len(), 1);
}

#[test]
fn a_module_that_is_handed_out_may_be_given_names() {
    let unseen = |text: &str| {
        let files = files(&[("a.py", text)]);
        let evaluator = Evaluator::new(&files, &CLOSED);
        evaluator.run_program(&[FileId(0)]);
        evaluator.unseen_names().len()
    };
    assert_eq!(unseen("import django_heroku\nA = 1\ndjango_heroku.settings(locals())\n"), 1);
    assert_eq!(unseen("from base import Settings\nSettings.load_settings(__name__)\n"), 1);
    assert_eq!(unseen("from split_settings.tools import include\ninclude('gone.py')\n"), 1);
    assert_eq!(unseen("from split_settings.tools import include, optional\ninclude(optional('gone.py'))\n"), 0);
    assert_eq!(unseen("import logging\nlog = logging.getLogger(__name__)\nprint(1)\n"), 0);
}

#[test]
fn lists_are_changed_in_place() {
    let main = "A = ['b', 'c']\nA.insert(0, 'a')\nA.remove('c')\nA += ('d',)\nB = ['x'] + A\n";
    assert_eq!(names(&CLOSED, &[("a.py", main)]), r#"A = ["a", "b", "d"]; B = ["x", "a", "b", "d"]"#);
    let open = "import os\nA = ['a']\nif os.getenv('X'):\n    A.append('x')\nA += ['z']\n";
    let shown = names(&OPEN, &[("a.py", open)]);
    assert_eq!(shown, r#"A = <X set: ["a", "z"] | ["a", "x", "z"]>"#);
}

#[test]
fn what_another_module_made_is_changed_as_the_program_runs() {
    let main = "from base import *\nfrom base import A\nA.insert(0, 'x')\nA += ['z']\n";
    assert_eq!(names(&CLOSED, &[("a.py", main), ("base.py", "A = ['a']\n")]), r#"A = ["x", "a", "z"]"#);
    // What a module holds that is imported somewhere is changed, whoever reads it.
    let others = [("b.py", "from a import A\nA.append('b')\n"), ("c.py", "import b\n")];
    assert_eq!(names(&CLOSED, &[&[("a.py", "A = ['a']\n")], &others[..]].concat()), "A = ?Changed");
    assert_eq!(names(&CLOSED, &[&[("a.py", "A = ['a']\n")], &others[..1]].concat()), r#"A = ["a"]"#);
}

#[test]
fn where_a_list_is_changed_by_what_is_not_known_so_is_the_list() {
    assert_eq!(names(&OPEN, &[("a.py", "import os\nA = ['a']\nA.insert(os.cpu_count(), 'x')\n")]), "A = ?Undecided");
}

#[test]
fn commands_of_developers_start_no_server() {
    let main = "import sys\nA = 1\nif 'test' in sys.argv:\n    A = 2\nB = 'pytest' not in sys.modules\n";
    assert_eq!(names(&OPEN, &[("a.py", main)]), "A = 1; B = true");
}

#[test]
fn each_library_has_its_own_words_for_yes() {
    let given = |word| Environment { set: vec![("D", word)], closed: true };
    let environ = "import environ\nenv = environ.Env(D=(bool, False))\nA = env('D')\nB = env.bool('D', default=True)\n";
    assert_eq!(names(&given("ok"), &[("a.py", environ)]), "A = true; B = true");
    assert_eq!(names(&given("enabled"), &[("a.py", environ)]), "A = false; B = false");
    assert_eq!(names(&CLOSED, &[("a.py", environ)]), "A = false; B = true");
    let decouple =
        "from decouple import config\nA = config('D', default='no', cast=bool)\nB = config('D', default=False)\n";
    assert_eq!(names(&given("t"), &[("a.py", decouple)]), r#"A = true; B = "t""#);
    assert_eq!(names(&given("enabled"), &[("a.py", decouple)]), r#"A = ?WrongType; B = "enabled""#);
    assert_eq!(names(&CLOSED, &[("a.py", decouple)]), "A = false; B = false");
    let environs = "from environs import Env\nenv = Env()\nA = env.bool('D', False)\nB = env.list('L', [])\n";
    assert_eq!(names(&given("Off"), &[("a.py", environs)]), "A = false; B = []");
    let starlette = "from starlette.config import Config\nc = Config('.env')\nA = c('D', cast=bool, default=False)\n";
    assert_eq!(names(&given("1"), &[("a.py", starlette)]), "A = true");
    assert_eq!(names(&given("yes"), &[("a.py", starlette)]), "A = ?WrongType");
}

#[test]
fn lists_and_databases_stand_in_variables() {
    let main = "import dj_database_url\nfrom decouple import Csv, config\nH = config('H', default='', cast=Csv())\nD = dj_database_url.config(default='sqlite:///x')\n";
    let given =
        Environment { set: vec![("H", "a, .b"), ("DATABASE_URL", "postgres://u:p@db:5432/shop")], closed: true };
    let database = r#"{ENGINE: "django.db.backends.postgresql", NAME: "shop", USER: "u", PASSWORD: "p", HOST: "db"}"#;
    assert_eq!(names(&given, &[("a.py", main)]), format!(r#"D = {database}; H = ["a", ".b"]"#));
    assert!(names(&CLOSED, &[("a.py", main)]).ends_with("H = []"));
}

#[test]
fn a_switch_that_nobody_sets_is_off_or_unknown() {
    let main = "import environ\nenv = environ.Env()\nA = env.bool('D', default=False)\nB = 1\nif A:\n    B = 2\n";
    assert_eq!(names(&OPEN, &[("a.py", main)]), "A = <D set: false | ?D>; B = <D set: 1 | <D is true: 1 | 2>>");
}

#[test]
fn a_method_of_the_environment_reads_variables_wherever_it_goes() {
    let given = Environment { set: vec![("X", "1")], closed: true };
    assert_eq!(names(&given, &[("a.py", "import os\nread = os.environ.get\nA = read('X')\n")]), r#"A = "1""#);
}

#[test]
fn a_comprehension_goes_over_each_form_of_its_list() {
    let main = "import os\nA = [x.strip() for x in os.environ.get('X', 'a, b').split(',') if x]\n";
    assert_eq!(names(&CLOSED, &[("a.py", main)]), r#"A = ["a", "b"]"#);
    assert!(names(&OPEN, &[("a.py", main)]).starts_with(r#"A = <X set: ["a", "b"] | ?"#));
}

#[test]
fn parts_of_lists_and_what_is_taken_out_of_them_are_followed() {
    for (code, expected) in [
        ("A = L[1:]", r#"A = ["b", "c"]"#),
        ("A = L[:-1] + L[-1:]", r#"A = ["a", "b", "c"]"#),
        ("A = 'abc'[1:]", r#"A = "bc""#),
        ("A = list(L)\nA.pop(0)", r#"A = ["b", "c"]"#),
        ("A = list(L)\nA.pop(A.index('b'))", r#"A = ["a", "c"]"#),
        ("A = list(L)\ndel A[1]", r#"A = ["a", "c"]"#),
        ("A = list(L)\nA[:] = ['d']", r#"A = ["d"]"#),
        ("A = list(L)\nA[0:1] = ['d']", "A = ?slice()"),
        ("A = list(L)\ndel A[0:1]", "A = ?slice()"),
        ("A = list(filter(lambda item: item != 'b', L))", r#"A = ["a", "c"]"#),
        ("A = list(filter(None, ['', 'x']))", r#"A = ["x"]"#),
        ("A = {'k': 1}\ndel A['k']", "A = {}"),
        ("A = {'k': 1}.get(None, 2)", "A = 2"),
        ("from datetime import timedelta\nA = int(timedelta(days=1, hours=1).total_seconds())", "A = 90000"),
        ("from types import SimpleNamespace\nA = SimpleNamespace(on=True).on", "A = true"),
    ] {
        let main = format!("L = ['a', 'b', 'c']\n{code}\n");
        let names = names(&OPEN, &[("a.py", &main)]);
        let found = names.split("; ").find(|name| name.starts_with("A = "));
        assert_eq!(found, Some(expected), "{code}: {names}");
    }
}

#[test]
fn a_prefix_stands_before_every_name_inside_its_with() {
    let given = Environment { set: vec![("APP_D", "1"), ("APP_DB_D", "no"), ("D", "off")], closed: true };
    let main = "from environs import Env\nenv = Env()\nwith env.prefixed('APP_'):\n    A = env.bool('D')\n    with env.prefixed('DB_'):\n        B = env.bool('D')\nC = env.bool('D')\n";
    assert_eq!(names(&given, &[("a.py", main)]), "A = true; B = false; C = false");
}

#[test]
fn settings_have_parts_and_properties() {
    let class = "from pydantic import BaseModel, computed_field\nfrom pydantic_settings import BaseSettings, SettingsConfigDict\n\nclass Cors(BaseModel):\n    origins: list[str] = ['a']\n    credentials: bool = False\n\nclass Settings(BaseSettings):\n    model_config = SettingsConfigDict(env_nested_delimiter='__')\n    env: str = 'local'\n    cors: Cors = Cors(credentials=True)\n\n    @computed_field\n    @property\n    def debug(self) -> bool:\n        return self.env != 'production'\n\ns = Settings()\nA = s.cors.origins\nB = s.cors.credentials\nC = s.debug\n";
    let told = |given: &Environment| {
        let names = names(given, &[("a.py", class)]);
        names
            .split("; ")
            .filter(|name| ["A = ", "B = ", "C = "].iter().any(|own| name.starts_with(own)))
            .collect::<Vec<_>>()
            .join("; ")
    };
    assert_eq!(told(&CLOSED), r#"A = ["a"]; B = true; C = true"#);
    let given = Environment {
        set: vec![("CORS__ORIGINS", r#"["*"]"#), ("CORS__CREDENTIALS", "false"), ("ENV", "production")],
        closed: true,
    };
    assert_eq!(told(&given), r#"A = ["*"]; B = false; C = false"#);
}

#[test]
fn an_instance_has_what_its_constructor_leaves_behind() {
    let main = |body: &str| {
        format!(
            "import os\nclass Settings:\n    def __init__(self, mode='x'):\n{body}\ns = Settings()\nA = s.debug\nB = s.mode\n"
        )
    };
    let told = |body: &str| {
        let names = names(&CLOSED, &[("a.py", &main(body))]);
        let own = names.split("; ").filter(|name| name.starts_with("A = ") || name.starts_with("B = "));
        own.collect::<Vec<_>>().join("; ")
    };
    let plain = "        self.mode = mode\n        self.debug = os.getenv('DEBUG') is None\n";
    assert_eq!(told(plain), r#"A = true; B = "x""#);
    let undone = "        self.mode = mode\n        self.debug = True\n        if mode == 'x':\n            self.debug = False\n";
    assert_eq!(told(undone), r#"A = false; B = "x""#);
    // What another method changes nobody knows, nor what has a name that is a value.
    let changed = format!("{plain}        self.load()\n    def load(self):\n        self.debug = os.stat('/')\n");
    assert!(told(&changed).starts_with("A = ?") && told(&changed).ends_with(r#"B = "x""#), "{}", told(&changed));
    let named = format!(
        "{plain}    def load(self):\n        for key, value in {{'debug': 1}}.items():\n            setattr(self, key, value)\n"
    );
    assert_eq!(told(&named), "A = ?Undecided; B = ?Changed");
    let handed = format!("{plain}        fill(self)\n");
    assert!(told(&handed).starts_with("A = ?"), "{}", told(&handed));
}

#[test]
fn each_of_several_patterns_leads_to_the_same_body() {
    for (word, expected) in [("prod", "A = 1"), ("production", "A = 1"), ("test", "A = 2"), ("", "A = 3")] {
        let main = format!(
            "def mode(word):\n    match word:\n        case 'production' | 'prod':\n            return 1\n        case 'test':\n            return 2\n        case _:\n            return 3\nA = mode('{word}')\n"
        );
        assert!(names(&CLOSED, &[("a.py", &main)]).ends_with(expected), "{word}");
    }
}

#[test]
fn a_point_in_time_is_as_far_away_as_what_is_added_to_now() {
    for (code, expected) in [
        ("datetime.now(timezone.utc) + timedelta(minutes=15)", "A = 900"),
        ("datetime.utcnow() + timedelta(days=int(os.getenv('DAYS', '2')))", "A = 172800"),
    ] {
        let main = format!("import os\nfrom datetime import datetime, timedelta, timezone\nA = {code}\n");
        assert!(names(&CLOSED, &[("a.py", &main)]).ends_with(expected), "{code}");
    }
}

#[test]
fn a_raise_that_its_own_handler_catches_ends_nothing() {
    let main = "import os\nif os.getenv('DEBUG'):\n    DEBUG = True\nelse:\n    DEBUG = False\ntry:\n    A = 0\n    if DEBUG:\n        A = 1\n    else:\n        raise Exception('live')\nexcept Exception:\n    A = 2\n";
    assert_eq!(names(&OPEN, &[("a.py", main)]), "A = <DEBUG set: 2 | 1>; DEBUG = <DEBUG set: false | true>");
    let ends = main.replace("A = 2", "raise");
    assert_eq!(names(&OPEN, &[("a.py", &ends)]), "A = 1; DEBUG = true");
}

#[test]
fn a_function_that_refuses_what_it_does_not_understand_gives_what_it_understands() {
    let main = "import os\ndef switch(text):\n    if text in ('yes', '1'):\n        return True\n    if text in ('no', '0'):\n        return False\n    raise ValueError(text)\nDEBUG = switch(os.getenv('DEBUG', 'no'))\n";
    assert_eq!(names(&CLOSED, &[("a.py", main)]), "DEBUG = false");
    assert_eq!(names(&OPEN, &[("a.py", main)]), "DEBUG = <DEBUG set: false | <?: false | true>>");
}

#[test]
fn partial_functions_have_their_arguments() {
    let main = "from functools import partial\nfrom kit import start\nf = partial(start, 1, a=2, b=3)\nf(4, b=5)\n";
    assert_eq!(told(&[("main.py", main)], &OPEN).pop().as_deref(), Some("kit:start.(1, 4) if true"));
}
