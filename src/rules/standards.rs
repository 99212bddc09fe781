//! Outside standards that a rule answers to: CWE, OWASP ASVS, and OWASP's ten risks of APIs.

mod api;
mod asvs;
mod cwe;

use std::fmt;

/// A standard that people hold an app against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standard {
    /// The Common Weakness Enumeration.
    Cwe,
    /// The OWASP Application Security Verification Standard 5.0.0.
    Asvs,
    /// The OWASP API Security Top 10 of 2023.
    Api,
}

impl Standard {
    /// Every standard with its name on the command line and in JSON.
    pub const NAMES: [(&'static str, Standard); 3] =
        [("cwe", Standard::Cwe), ("asvs", Standard::Asvs), ("api", Standard::Api)];

    /// Its name on the command line and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Standard::Cwe => "cwe",
            Standard::Asvs => "asvs",
            Standard::Api => "api",
        }
    }

    /// Its name as its authors write it.
    pub fn title(self) -> &'static str {
        match self {
            Standard::Cwe => "CWE",
            Standard::Asvs => "OWASP ASVS 5.0.0",
            Standard::Api => "OWASP API Security Top 10 (2023)",
        }
    }
}

/// One clause of a standard, written as the standard writes it: `CWE-942`, `v5.0.0-3.4.2`, `API8:2023`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clause {
    /// The standard.
    pub standard: Standard,
    /// Its numbers, those that it does not have being zero.
    number: [u16; 3],
}

impl Clause {
    /// Reads one. A clause of ASVS or of the Top 10 has to exist; a CWE can be newer than this program. The error says what
    /// would do.
    pub fn parse(text: &str) -> Result<Clause, String> {
        if let Some(number) = text.strip_prefix("CWE-") {
            let number = digits(number).filter(|number| *number > 0);
            let number = number.ok_or_else(|| format!("`{text}` is no weakness; write it as `CWE-79`"))?;
            return Ok(Clause { standard: Standard::Cwe, number: [number, 0, 0] });
        }
        if let Some(numbers) = text.strip_prefix("v5.0.0-") {
            let numbers: Option<Vec<u16>> = numbers.split('.').map(digits).collect();
            let numbers: Option<[u16; 3]> = numbers.and_then(|numbers| numbers.try_into().ok());
            let known = numbers.filter(|[chapter, section, number]| asvs::level(*chapter, *section, *number).is_some());
            let number = known
                .ok_or_else(|| format!("ASVS 5.0.0 has no requirement `{text}`; they are written as `v5.0.0-3.4.2`"))?;
            return Ok(Clause { standard: Standard::Asvs, number });
        }
        if let Some(risk) = text.strip_prefix("API").and_then(|rest| rest.strip_suffix(":2023")) {
            let number = digits(risk).filter(|risk| api::risk(*risk).is_some());
            let number = number.ok_or_else(|| format!("`{text}` is none of `API1:2023` to `API10:2023`"))?;
            return Ok(Clause { standard: Standard::Api, number: [number, 0, 0] });
        }
        Err(format!("`{text}` is no clause of a known standard, such as `CWE-79`, `v5.0.0-3.4.2` or `API8:2023`"))
    }

    /// What the standard calls it. Of ASVS it is the title of the section; of a CWE that no built-in rule names it is not
    /// known.
    pub fn title(self) -> Option<&'static str> {
        let [first, second, _] = self.number;
        match self.standard {
            Standard::Cwe => cwe::title(first),
            Standard::Asvs => asvs::section(first, second),
            Standard::Api => api::risk(first).map(|(title, _)| title),
        }
    }

    /// From which level on ASVS asks for it.
    pub fn level(self) -> Option<u8> {
        let [chapter, section, number] = self.number;
        (self.standard == Standard::Asvs).then(|| asvs::level(chapter, section, number)).flatten()
    }

    /// Where it can be read.
    pub fn url(self) -> String {
        let first = self.number[0];
        match self.standard {
            Standard::Cwe => format!("https://cwe.mitre.org/data/definitions/{first}.html"),
            Standard::Asvs => {
                let file = asvs::file(first).unwrap_or_default();
                format!("https://github.com/OWASP/ASVS/blob/master/5.0/en/{file}.md")
            }
            Standard::Api => {
                let page = api::risk(first).map_or("", |(_, page)| page);
                format!("https://owasp.org/API-Security/editions/2023/en/{page}/")
            }
        }
    }

    /// Its tag in SARIF; that of a CWE is the one that code scanning knows.
    pub fn tag(self) -> String {
        match self.standard {
            Standard::Cwe => format!("external/cwe/cwe-{}", self.number[0]),
            Standard::Asvs => format!("external/owasp-asvs/{self}"),
            Standard::Api => format!("external/owasp-api/api{}-2023", self.number[0]),
        }
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second, third] = self.number;
        match self.standard {
            Standard::Cwe => write!(f, "CWE-{first}"),
            Standard::Asvs => write!(f, "v5.0.0-{first}.{second}.{third}"),
            Standard::Api => write!(f, "API{first}:2023"),
        }
    }
}

impl fmt::Debug for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// A plain number: no sign, and no zero in front.
fn digits(text: &str) -> Option<u16> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !(text.len() > 1 && text.starts_with('0'));
    text.parse().ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Catalogue;

    #[test]
    fn a_clause_is_written_as_its_standard_writes_it() {
        for text in ["CWE-79", "CWE-1392", "v5.0.0-3.4.2", "v5.0.0-10.4.16", "API1:2023", "API10:2023"] {
            assert_eq!(Clause::parse(text).map(|clause| clause.to_string()), Ok(text.to_owned()));
        }
        for text in
            ["79", "cwe-79", "CWE-0", "CWE-079", "CWE-+7", "v5.0.0-3.4", "3.4.2", "v4.0.3-3.4.2", "API8", "API0:2023"]
        {
            assert!(Clause::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_a_standard_does_not_have_is_refused() {
        for text in ["v5.0.0-3.4.9", "v5.0.0-3.8.1", "v5.0.0-18.1.1", "v5.0.0-3.4.0", "API11:2023"] {
            assert!(Clause::parse(text).is_err(), "{text}");
        }
        let all: u16 = asvs::counts().sum();
        assert_eq!(all, 345, "the requirements of ASVS 5.0.0");
    }

    #[test]
    fn every_clause_of_a_rule_has_a_title_and_an_address() {
        let catalogue = Catalogue::builtin();
        for (rule, clause) in catalogue.rules().flat_map(|rule| rule.standards.iter().map(|clause| (&rule.id, *clause)))
        {
            assert!(clause.title().is_some(), "{rule}: {clause}");
            assert!(clause.url().ends_with(".html") || clause.url().ends_with(".md") || clause.url().ends_with("/"));
        }
    }

    #[test]
    fn the_level_is_that_of_the_requirement() {
        let level = |text| Clause::parse(text).ok().and_then(Clause::level);
        assert_eq!(level("v5.0.0-3.3.1"), Some(1));
        assert_eq!(level("v5.0.0-3.3.2"), Some(2));
        assert_eq!(level("v5.0.0-3.3.5"), Some(3));
        assert_eq!(level("CWE-79"), None);
    }
}
