//! Patterns match, contain and overlap without contradiction.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../checks/pattern.rs"]
mod pattern;

fuzz_target!(|lines: &str| pattern::check(lines));
