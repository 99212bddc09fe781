//! What a scan keeps of the files that it reads, within bounds: many files at the limit of one would add up.
//!
//! Which files are asked for first hangs on the threads. So the sum is over what is asked for, whoever asks: whether it
//! goes over the bound is the same each time. If it does, the scan begins again on one thread, where the order is fixed.

use super::read::{self, Content, MAX_KEPT_BYTES, MAX_SEARCHED_BYTES};
use super::resolve::{TsConfigs, Workspaces};
use super::{Answers, File, Problem, Project};
use crate::syntax::FileId;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How much is kept.
#[derive(Debug)]
pub(super) struct Kept {
    most: u64,
    /// Of files that were asked for, and of what they were parsed into.
    asked: AtomicU64,
    /// Of files that were searched.
    searched: AtomicU64,
    /// Something was left out.
    is_over: AtomicBool,
}

impl Default for Kept {
    fn default() -> Kept {
        Kept::up_to(MAX_KEPT_BYTES)
    }
}

impl Kept {
    pub(super) fn up_to(most: u64) -> Kept {
        let is_over = AtomicBool::new(false);
        Kept { most, asked: AtomicU64::new(0), searched: AtomicU64::new(0), is_over }
    }
}

/// The files that were asked for before a scan, to which it can go back.
pub(crate) struct Before(Vec<FileId>);

impl Project {
    /// Takes account of what a file was parsed into; false where that is more than may be kept, so that it has to be
    /// given up. The file is a problem then.
    pub(crate) fn keep(&self, file: FileId, bytes: u64) -> bool {
        let file = self.file(file);
        let fits = self.takes(bytes);
        if !fits {
            file.left_out.get_or_init(|| Box::new(read::one_too_many(&file.path, self.kept.most)));
        }
        fits
    }

    fn takes(&self, bytes: u64) -> bool {
        if self.kept.is_over.load(Ordering::Relaxed) {
            return false;
        }
        let fits = self.kept.asked.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes) <= self.kept.most;
        if !fits {
            self.kept.is_over.store(true, Ordering::Relaxed);
        }
        fits
    }

    /// Why a file that is asked for is not read, where there is no room for it.
    pub(super) fn left_out<'f>(&self, file: &'f File) -> Option<&'f Problem> {
        // Whoever asks first takes account of it.
        if file.wanted.swap(true, Ordering::Relaxed) {
            return file.left_out.get().map(Box::as_ref);
        }
        let fits = !self.kept.is_over.load(Ordering::Relaxed) && {
            match self.content(file) {
                Content::Text { text, .. } => self.takes(text.len() as u64),
                Content::Nothing(_) => true,
            }
        };
        if !fits {
            file.left_out.get_or_init(|| Box::new(read::one_too_many(&file.path, self.kept.most)));
        }
        file.left_out.get().map(Box::as_ref)
    }

    /// Looks at what reading a file gives, which is kept where there is room.
    pub(super) fn looked_into(&self, file: &File, look: &mut dyn FnMut(&Content)) {
        if let Some(content) = file.content.get() {
            return look(content);
        }
        if self.kept.searched.load(Ordering::Relaxed) < MAX_SEARCHED_BYTES {
            let content = self.content(file);
            if let Content::Text { text, .. } = content {
                self.kept.searched.fetch_add(text.len() as u64, Ordering::Relaxed);
            }
            return look(content);
        }
        match self.read_anew(file) {
            content @ Content::Text { .. } => look(&content),
            // That it cannot be read is a problem that has to be kept.
            nothing => look(file.content.get_or_init(|| nothing)),
        }
    }

    /// Whether something was left out since there was no room for it.
    pub(crate) fn leaves_out(&self) -> bool {
        self.kept.is_over.load(Ordering::Relaxed)
    }

    /// The state to which [`Project::begin_again`] goes back.
    pub(crate) fn before(&self) -> Before {
        Before(self.ids().filter(|id| self.file(*id).wanted.load(Ordering::Relaxed)).collect())
    }

    /// Forgets everything that was asked for since, and what was found out with it.
    pub(crate) fn begin_again(&mut self, before: &Before) {
        let mut known = before.0.iter().peekable();
        let mut asked = 0;
        for (index, file) in self.files.iter_mut().enumerate() {
            if known.next_if(|id| id.0 as usize == index).is_some() {
                if let (Some(Content::Text { text, .. }), None) = (file.content.get(), file.left_out.get()) {
                    asked += text.len() as u64;
                }
            } else if *file.wanted.get_mut() {
                *file.wanted.get_mut() = false;
                file.left_out = OnceLock::new();
                file.content = OnceLock::new();
            }
        }
        self.kept = Kept { asked: AtomicU64::new(asked), ..Kept::up_to(self.kept.most) };
        self.versions = Answers::default();
        self.tsconfigs = OnceLock::<TsConfigs>::new();
        self.workspaces = OnceLock::<Workspaces>::new();
    }
}
