//! Any two policies are compared without contradiction, and every witness is one.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../checks/containment.rs"]
mod containment;

fuzz_target!(|lines: &str| containment::check(lines));
