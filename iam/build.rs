//! Packs the tables of `data/`: tab-separated text in, compressed bytes and their lengths out.
//!
//! The first column is written in lower case, by which the rows are sorted and found; where its own
//! writing is asked for, it follows as a column of its own.
//!
//! A table with a row that the reader could not use fails the build, so that reading it cannot
//! fail at run time. Comments are left out.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use libdeflater::{CompressionLvl, Compressor};

/// The tables, how many columns a row has at least, and whether the first keeps its own writing.
const TABLES: [(&str, usize, bool); 14] = [
    ("actions", 3, true),
    ("condition_keys", 2, false),
    ("dependents", 3, false),
    ("exceptions", 4, false),
    ("hand", 3, false),
    ("hand_hosts", 2, false),
    ("hosts", 2, false),
    ("implied", 2, false),
    ("network_activity", 2, false),
    ("pass_role", 2, false),
    ("recording", 2, false),
    ("resource_types", 2, true),
    ("retired", 1, false),
    ("templates", 2, false),
];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    let mut source = String::new();
    for (name, columns, keeps_name) in TABLES {
        let path = Path::new("data").join(name).with_extension("tsv");
        announce(&path);
        let text = read_table(&path, columns, keeps_name)?;
        let packed = folder.join(name).with_extension("z");
        fs::write(&packed, compress(text.as_bytes())?)?;
        writeln!(
            source,
            "pub(crate) static {}: Packed = Packed {{ bytes: include_bytes!(\"{name}.z\"), length: {} }};",
            name.to_uppercase(),
            grouped(text.len())
        )?;
    }
    fs::write(folder.join("packed.rs"), source)?;
    Ok(())
}

fn announce(path: &Path) {
    println!("cargo::rerun-if-changed={}", path.display());
}

/// Reads a table without its comments and checks that it is sorted and has its columns.
fn read_table(path: &Path, columns: usize, keeps_name: bool) -> Result<String, Box<dyn Error>> {
    let text = fs::read_to_string(path)?;
    let mut kept = String::with_capacity(text.len());
    let mut previous = String::new();
    for (index, line) in text.lines().enumerate() {
        if line.starts_with('#') {
            continue;
        }
        let place = || format!("{}, line {}", path.display(), index + 1);
        let name = line.split('\t').next().unwrap_or_default();
        let key = name.to_ascii_lowercase();
        if key.is_empty() || line.split('\t').count() < columns {
            return Err(format!("{}: want {columns} columns", place()).into());
        }
        if key < previous {
            return Err(format!("{}: `{key}` stands after `{previous}`", place()).into());
        }
        kept.push_str(&key);
        if keeps_name {
            kept.push('\t');
            kept.push_str(name);
        }
        kept.push_str(line.get(name.len()..).unwrap_or_default());
        kept.push('\n');
        previous = key;
    }
    Ok(kept)
}

/// A number as Rust source is written: thousands apart.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

fn compress(bytes: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut compressor = Compressor::new(CompressionLvl::best());
    let mut packed = vec![0; compressor.zlib_compress_bound(bytes.len())];
    let length = compressor
        .zlib_compress(bytes, &mut packed)
        .map_err(|error| format!("cannot compress: {error}"))?;
    packed.truncate(length);
    Ok(packed)
}
