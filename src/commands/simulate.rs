//! `curtail simulate`: requests with their policies in, a decision out for each, a line each and in their order.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};

use anyhow::Context as _;
use curtail_iam::simulate::case::{Answer, decide_line};
use rayon::prelude::*;

use super::{Context, unwritten};
use crate::arguments::{Format, SimulateArguments};
use crate::exit::{Done, Failure};
use crate::output;

/// The longest line that is read, in bytes. Chosen: a hundred policies of the largest size that IAM takes.
const LINE_LIMIT_BYTES: u64 = 16 << 20;

/// How many bytes of lines are decided at once. Chosen: some hundred cases.
const BLOCK_BYTES: usize = 1 << 20;

/// Prints what becomes of each request of a file or of standard input.
pub(crate) fn run(context: &Context<'_>, typed: &SimulateArguments) -> Result<Done, Failure> {
    let (name, input) = open(typed)?;
    let mut lines = Lines {
        input: BufReader::with_capacity(BLOCK_BYTES, input),
        ended: false,
    };
    let is_csv = context.common.format == Format::Csv;
    let mut out = output::stdout();
    if is_csv {
        output::csv_line(&mut out, CSV_HEAD.into_iter()).map_err(unwritten)?;
    }
    let mut undecided_lines = 0_usize;
    while !lines.ended {
        let block = lines.next_block();
        let block = block.map_err(|error| {
            Failure::failed(anyhow::Error::new(error).context(format!("{name} cannot be read")))
        })?;
        for answer in block
            .par_iter()
            .map(|line| decide(line))
            .collect::<Vec<_>>()
        {
            undecided_lines += usize::from(!answer.is_decided());
            let line = answer.to_line();
            if is_csv {
                write_csv(&mut out, &line)
            } else {
                writeln!(out, "{line}")
            }
            .map_err(unwritten)?;
        }
        out.flush().map_err(unwritten)?;
    }
    Ok(done(undecided_lines, context.common.quiet))
}

fn done(bad_lines: usize, quiet: bool) -> Done {
    if bad_lines == 0 {
        return Done::Whole;
    }
    if !quiet {
        output::note(&format!(
            "lines that are no case: {bad_lines}; their answers hold `error`"
        ));
    }
    Done::InPart
}

fn open(typed: &SimulateArguments) -> Result<(String, Box<dyn Read>), Failure> {
    let path = typed.cases.as_deref();
    let Some(path) = path.filter(|path| path.as_os_str() != "-") else {
        return Ok(("standard input".to_owned(), Box::new(io::stdin())));
    };
    let name = format!("the file `{}`", path.display());
    let file = File::open(path)
        .with_context(|| format!("{name} cannot be opened"))
        .map_err(Failure::usage)?;
    Ok((name, Box::new(file)))
}

/// The lines of the input, some at a time.
struct Lines<R> {
    input: BufReader<R>,
    ended: bool,
}

impl<R: Read> Lines<R> {
    /// The next lines that are not blank: as many as are there, so that a pipe is answered line by line.
    fn next_block(&mut self) -> io::Result<Vec<Vec<u8>>> {
        let mut block = Vec::new();
        let mut length = 0;
        while length < BLOCK_BYTES && !self.ended {
            let mut line = Vec::new();
            let read = (&mut self.input)
                .take(LINE_LIMIT_BYTES + 1)
                .read_until(b'\n', &mut line)?;
            self.ended = read == 0;
            if u64::try_from(read).unwrap_or(u64::MAX) > LINE_LIMIT_BYTES {
                self.skip_line()?;
            }
            length += read;
            if !line.trim_ascii().is_empty() {
                block.push(line);
            }
            if self.input.buffer().is_empty() {
                break;
            }
        }
        Ok(block)
    }

    /// Reads on to the end of a line that is too long, and holds nothing of it.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let held = self.input.fill_buf()?;
            let end = held.iter().position(|&byte| byte == b'\n');
            let (skipped, over) = match end {
                Some(at) => (at + 1, true),
                None => (held.len(), held.is_empty()),
            };
            self.input.consume(skipped);
            if over {
                return Ok(());
            }
        }
    }
}

/// Decides a line; one that is too long or no text is no case.
fn decide(line: &[u8]) -> Answer {
    match std::str::from_utf8(line) {
        Ok(text) => decide_line(text),
        Err(_) => decide_line("not UTF-8 text"),
    }
}

/// The columns of a line of CSV.
const CSV_HEAD: [&str; 5] = ["id", "decision", "by", "needs", "error"];

fn write_csv(out: &mut impl Write, line: &str) -> io::Result<()> {
    let answer: serde_json::Value = serde_json::from_str(line)?;
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let list = |name: &str, item: &dyn Fn(&serde_json::Value) -> String| {
        let items = answer.get(name).and_then(serde_json::Value::as_array);
        let items: Vec<String> = items.into_iter().flatten().map(item).collect();
        items.join(" ")
    };
    let field = |name: &str| answer.get(name).map(text).unwrap_or_default();
    let by = list("by", &|statement| {
        let part = |name: &str| statement.get(name).map(text).unwrap_or_default();
        format!("{}.{}", part("policy"), part("statement"))
    });
    let cells = [
        field("id"),
        field("decision"),
        by,
        list("needs", &text),
        field("error"),
    ];
    output::csv_line(out, cells.iter().map(String::as_str))
}
