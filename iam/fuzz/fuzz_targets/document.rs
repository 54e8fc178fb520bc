//! Any text is a document or an error, and a document survives printing, checking and linting.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../checks/document.rs"]
mod document;

fuzz_target!(|text: &str| document::check(text));
