//! Any line has an answer, and the answer reads back.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../checks/evaluate.rs"]
mod evaluate;

fuzz_target!(|line: &str| evaluate::check(line));
