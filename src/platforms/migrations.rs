//! Start and release commands that change the schema of a database.

use crate::eval::{Kind, Place};
use crate::platforms::command::{Line, Step, steps, where_taken};
use crate::reading::bench::Reading;
use crate::settings::migration;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Words of commands that push a schema without reviewed migrations, and what they can remove.
const PUSHES: &[(&str, Drops)] = &[
    ("prisma db push", Drops::None),
    ("drizzle-kit push", Drops::None),
    ("drizzle-kit push:pg", Drops::None),
    ("drizzle-kit push:mysql", Drops::None),
    ("typeorm schema:sync", Drops::Orphaned),
    ("mikro-orm schema:update", Drops::Orphaned),
    ("console doctrine:schema:update", Drops::Orphaned),
];

/// Words of commands that drop what is there.
const RESETS: &[&str] = &[
    "prisma migrate reset",
    "prisma db push --force-reset",
    "prisma db push --accept-data-loss",
    "typeorm schema:drop",
    "sequelize db:drop",
    "sequelize db:migrate:undo:all",
    "rails db:drop",
    "rails db:reset",
    "rake db:drop",
    "rake db:reset",
    "artisan migrate:fresh",
    "artisan migrate:refresh",
    "artisan migrate:reset",
    "artisan db:wipe",
    "manage.py flush",
    "manage.py reset_db",
    "mix ecto.drop",
    "mix ecto.reset",
    "mikro-orm schema:drop",
    "mikro-orm schema:fresh",
    "mikro-orm migration:fresh",
    "supabase db reset",
    "drizzle-kit drop",
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Drops {
    None,
    Orphaned,
    Any,
}

/// One migration for each command that changes a schema at each start or release.
pub(crate) fn read(reading: &mut Reading<'_>, name: &str, line: &Line, folder: &str) {
    let mut seen: BTreeSet<Place> = BTreeSet::new();
    for step in steps(reading, line, folder) {
        let Some(drops) = what_it_drops(&step) else { continue };
        if !seen.insert(step.place) {
            continue;
        }
        let number = seen.len();
        let name: Arc<str> = if number == 1 { name.into() } else { format!("{name}#{number}").into() };
        let word = match drops {
            Drops::None => "none",
            Drops::Orphaned => "orphaned",
            Drops::Any => "any",
        };
        let stated = |kind| reading.stated(Kind::Bool(kind), step.place);
        let resource = reading
            .resource(migration::KIND, name, step.place)
            .set_at(migration::auto_sync, where_taken(&step, stated(true), stated(false)), "the start command")
            .set_at(
                migration::drops,
                where_taken(&step, reading.word(word, step.place), reading.word("none", step.place)),
                "the start command",
            );
        reading.add(resource);
    }
}

fn what_it_drops(step: &Step) -> Option<Drops> {
    if RESETS.iter().any(|words| step.says(words)) {
        return Some(Drops::Any);
    }
    let (_, drops) = PUSHES.iter().find(|(words, _)| step.says(words))?;
    let forced = step.has("--force") && step.program().starts_with("drizzle");
    Some(if forced { Drops::Any } else { *drops })
}
