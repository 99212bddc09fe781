//! Commands that hand variables to what they deploy: the options by which they do, and the hosts of what gets them.

use crate::syntax::shell::{Simple, Word};

/// What stands behind an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `NAME=value`, or several.
    Plain,
    /// Variables whose values a store holds.
    Stored,
    /// `NAME:value`.
    Pair(char),
    /// The path of a file with variables.
    File,
    /// Something that sets variables and is not followed.
    Unseen,
}

/// A command that hands variables to what it deploys.
pub(super) struct Tool {
    programs: &'static [&'static str],
    /// Words that all stand among its arguments, each one of a group.
    verbs: &'static [&'static [&'static str]],
    /// Options, and what stands behind them.
    options: &'static [(&'static [&'static str], Form)],
    /// What assignments are that stand behind no option.
    pub(super) bare: Option<Form>,
    /// Several words can stand behind one option.
    pub(super) takes_lists: bool,
    /// The names of the hosts whose apps get the variables.
    pub(super) hosts: &'static [&'static str],
    /// Its arguments name which of those apps.
    pub(super) is_named: bool,
}

const fn tool(programs: &'static [&'static str], verbs: &'static [&'static [&'static str]]) -> Tool {
    Tool { programs, verbs, options: &[], bare: None, takes_lists: false, hosts: &[], is_named: false }
}

/// Of equal programs the more telling verbs first.
pub(super) const TOOLS: &[Tool] = &[
    Tool {
        options: &[(&["--env-add"], Form::Plain)],
        hosts: &["Compose"],
        is_named: true,
        ..tool(&["docker"], &[&["service"], &["update"]])
    },
    Tool {
        options: &[(&["-e", "--env"], Form::Plain), (&["--env-file"], Form::File)],
        hosts: &["a container"],
        ..tool(&["docker", "podman", "nerdctl"], &[&["run"]])
    },
    Tool {
        options: &[
            (&["--set-env-vars", "--update-env-vars"], Form::Plain),
            (&["--set-secrets", "--update-secrets"], Form::Stored),
            (&["--env-vars-file"], Form::File),
        ],
        hosts: &["Google Cloud Run"],
        ..tool(&["gcloud"], &[&["deploy", "update"]])
    },
    Tool { bare: Some(Form::Plain), hosts: &["Fly.io"], ..tool(&["fly", "flyctl"], &[&["secrets"], &["set"]]) },
    Tool {
        options: &[(&["import"], Form::Unseen)],
        hosts: &["Fly.io"],
        ..tool(&["fly", "flyctl"], &[&["secrets"], &["import"]])
    },
    Tool {
        options: &[(&["-e", "--env"], Form::Plain)],
        hosts: &["Fly.io"],
        ..tool(&["fly", "flyctl"], &[&["deploy", "launch"]])
    },
    Tool {
        options: &[(&["--set-env-vars", "--env-vars"], Form::Plain)],
        takes_lists: true,
        ..tool(&["az"], &[&["containerapp"]])
    },
    Tool {
        options: &[(&["--from"], Form::Unseen)],
        bare: Some(Form::Plain),
        hosts: &["Kubernetes"],
        is_named: true,
        ..tool(&["kubectl", "oc"], &[&["set"], &["env"]])
    },
    Tool {
        options: &[(&["-p", "--patch", "--patch-file"], Form::Unseen)],
        hosts: &["Kubernetes"],
        is_named: true,
        ..tool(&["kubectl", "oc"], &[&["patch"]])
    },
    Tool {
        options: &[(&["--var"], Form::Pair(':'))],
        takes_lists: true,
        hosts: &["Cloudflare Workers"],
        ..tool(&["wrangler"], &[&["deploy", "publish", "upload"]])
    },
    Tool { options: &[(&["-e", "--env"], Form::Plain)], hosts: &["Vercel"], ..tool(&["vercel", "vc", "now"], &[]) },
    Tool { bare: Some(Form::Plain), hosts: &["Heroku"], ..tool(&["heroku"], &[&["config:set", "config:add"]]) },
    Tool {
        options: &[(&["--set"], Form::Plain)],
        hosts: &["Railway"],
        ..tool(&["railway"], &[&["variables", "variable"]])
    },
    Tool {
        options: &[(&["--environment"], Form::Unseen)],
        hosts: &["AWS Lambda"],
        ..tool(&["aws"], &[&["update-function-configuration"]])
    },
    Tool { bare: Some(Form::Plain), ..tool(&["eb"], &[&["setenv"]]) },
];

/// Texts without which no script hands anything over.
pub(super) const WORDS: &[&str] = &[
    "docker run",
    "podman run",
    "nerdctl run",
    "service update",
    "--set-env-vars",
    "--update-env-vars",
    "--set-secrets",
    "--env-vars-file",
    "fly deploy",
    "flyctl deploy",
    "flyctl-actions",
    "fly secrets",
    "flyctl secrets",
    "kubectl",
    "oc set",
    "wrangler",
    "vercel",
    "heroku",
    "railway",
    "update-function-configuration",
    "eb setenv",
];

/// Programs that start the one behind them.
const RUNNERS: &[&str] = &["npx", "bunx", "pnpx", "pnpm", "yarn", "npm", "bun", "exec", "dlx", "x", "sudo", "--"];

impl Tool {
    /// The arguments of a command that is one of this tool's.
    pub(super) fn arguments<'c>(&self, command: &'c Simple) -> Option<&'c [Word]> {
        let words = &command.words;
        let at = words.iter().position(|word| {
            let text = word.text.rsplit('/').next().unwrap_or(&word.text);
            !RUNNERS.contains(&text) && !word.text.starts_with('-') && !word.text.contains('=')
        })?;
        let program = words[at].text.rsplit('/').next().unwrap_or(&words[at].text);
        let program = program.split('@').next().unwrap_or(program);
        let arguments = &words[at + 1..];
        let says = |group: &&[&str]| arguments.iter().any(|word| group.contains(&&*word.text));
        (self.programs.contains(&program) && self.verbs.iter().all(says)).then_some(arguments)
    }

    /// What stands behind a word, where it is an option that sets variables.
    pub(super) fn form(&self, option: &str) -> Option<Form> {
        self.options.iter().find(|(names, _)| names.contains(&option)).map(|(_, form)| *form)
    }
}

#[cfg(test)]
mod tests {
    use super::TOOLS;
    use crate::syntax::shell::pipelines;

    #[test]
    fn a_tool_is_known_behind_what_starts_it() {
        for (line, host) in [
            ("npx wrangler@4 deploy --var A:b", Some("Cloudflare Workers")),
            ("pnpm exec vercel deploy -e A=b", Some("Vercel")),
            ("/usr/bin/flyctl deploy -e A=b", Some("Fly.io")),
            ("kubectl -n x set env deployment/api A=b", Some("Kubernetes")),
            ("kubectl get pods", None),
            ("flyctl status", None),
        ] {
            let commands = pipelines(line);
            let command = &commands[0].commands[0];
            let tool = TOOLS.iter().find(|tool| tool.arguments(command).is_some());
            assert_eq!(tool.and_then(|tool| tool.hosts.first()).copied(), host, "{line}");
        }
    }
}
