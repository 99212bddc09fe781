//! prodcheck for a page: a list of files goes in as JSON, the report comes out as JSON. Nothing is read but what is handed
//! in, and nothing is sent anywhere.
//!
//! The page calls [`take`] for room, writes its bytes there, calls [`scan`], and reads the bytes that the answer names.

use prodcheck::project::Given;
use prodcheck::report::{Format, Report, Style};
use prodcheck::{ScanError, ScanOptions, scan_files};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the page hands in.
#[derive(Deserialize)]
struct Request {
    /// The text of each file by its path, relative to the root of the project.
    files: BTreeMap<String, String>,
}

/// What the page gets.
#[derive(Default, Serialize)]
struct Answer {
    blocking: usize,
    warnings: usize,
    unverified: usize,
    /// The report as a page of its own.
    page: String,
    /// Why there is no report.
    error: Option<String>,
}

impl Answer {
    fn of(report: &Report) -> Answer {
        let summary = report.summary();
        Answer {
            blocking: summary.blocking,
            warnings: summary.warnings,
            unverified: summary.unverified,
            page: Format::Html.render(report, Style::default()),
            error: None,
        }
    }

    fn failed(error: impl ToString) -> Answer {
        Answer { error: Some(error.to_string()), ..Answer::default() }
    }
}

/// Scans the files of a request.
fn answer(request: &[u8]) -> Answer {
    let request: Request = match serde_json::from_slice(request) {
        Ok(request) => request,
        Err(error) => return Answer::failed(error),
    };
    match report(request.files) {
        Ok(report) => Answer::of(&report),
        Err(error) => Answer::failed(error),
    }
}

fn report(files: BTreeMap<String, String>) -> Result<Report, ScanError> {
    let files = files.into_iter().map(|(path, text)| Given::new(path, text));
    let mut report = scan_files(files, [], &ScanOptions { with_settings: true, ..ScanOptions::default() })?;
    report.ending = report.judge(report.fail_on, false);
    Ok(report)
}

/// Room for so many bytes of a request.
#[unsafe(no_mangle)]
pub extern "C" fn take(bytes: usize) -> *mut u8 {
    Box::into_raw(vec![0_u8; bytes].into_boxed_slice()).cast()
}

/// Scans the request that was written where [`take`] gave room. The answer's address stands in the upper half, its length in
/// the lower one; it stays until the next scan, for which the page starts anew.
///
/// # Safety
///
/// `at` has to be what `take(bytes)` gave.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scan(at: *mut u8, bytes: usize) -> u64 {
    // SAFETY: as the caller promises, it is the slice that `take` has leaked.
    let request = unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(at, bytes)) };
    let answer = serde_json::to_vec(&answer(&request)).unwrap_or_default().leak();
    (answer.as_ptr() as u64) << 32 | answer.len() as u64
}
