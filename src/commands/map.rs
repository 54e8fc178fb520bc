//! `curtail map`: CloudTrail records in, the IAM actions that each needed out, a line each and in their order.

use std::fs::File;
use std::io::{self, Write};

use anyhow::Context as _;
use curtail_iam::catalog::Catalog;
use curtail_iam::event::{EventMapping, MappedAction, Mapper, Record, RecordOutcome};
use curtail_ingest::{DEFAULT_DOCUMENT_LIMIT_BYTES, RecordReader, RecordText};
use rayon::prelude::*;
use serde::Serialize;

use super::{Context, unwritten};
use crate::arguments::{Format, MapArguments};
use crate::exit::{Done, Failure};
use crate::output;

/// Prints what each record of a file or of standard input needed.
pub(crate) fn run(context: &Context<'_>, typed: &MapArguments) -> Result<Done, Failure> {
    let input = Input::open(typed)?;
    let mut records = RecordReader::new(input.stream, DEFAULT_DOCUMENT_LIMIT_BYTES)
        .map_err(|error| unreadable(&input.name, error))?;
    let is_csv = context.common.format == Format::Csv;
    let mut mappers = mappers(typed.ignore_message);
    let mut out = output::stdout();
    if is_csv {
        output::csv_line(&mut out, CSV_HEAD.into_iter()).map_err(unwritten)?;
    }
    let mut unread = Unread::default();
    loop {
        let block = records.next_block();
        let Some(block) = block.map_err(|error| unreadable(&input.name, error))? else {
            break;
        };
        let records = block.records();
        for answer in answers(&records, &mut mappers) {
            unread.count(&answer);
            if is_csv {
                answer.write_csv(&mut out)
            } else {
                answer.write_json(&mut out)
            }
            .map_err(unwritten)?;
        }
        out.flush().map_err(unwritten)?;
    }
    Ok(unread.done(context.common.quiet))
}

/// Where the records come from.
struct Input {
    name: String,
    stream: Box<dyn io::Read>,
}

impl Input {
    fn open(typed: &MapArguments) -> Result<Self, Failure> {
        let Some(path) = typed.file.as_deref().filter(|path| path.as_os_str() != "-") else {
            return Ok(Self {
                name: "standard input".to_owned(),
                stream: Box::new(io::stdin()),
            });
        };
        let file = File::open(path)
            .with_context(|| format!("the file `{}` cannot be opened", path.display()))
            .map_err(Failure::usage)?;
        Ok(Self {
            name: format!("the file `{}`", path.display()),
            stream: Box::new(file),
        })
    }
}

fn unreadable(name: &str, error: io::Error) -> Failure {
    Failure::failed(anyhow::Error::new(error).context(format!("{name} cannot be read")))
}

/// One map for each core.
fn mappers(ignore_message: bool) -> Vec<Mapper<'static>> {
    let mapper = || {
        let mapper = Mapper::new(Catalog::embedded());
        if ignore_message {
            mapper.ignoring_messages()
        } else {
            mapper
        }
    };
    (0..rayon::current_num_threads())
        .map(|_| mapper())
        .collect()
}

/// Maps the records on all cores; the answers stand in their order.
fn answers<'t>(texts: &'t [RecordText<'t>], mappers: &mut [Mapper<'_>]) -> Vec<Answer<'t>> {
    let share = texts.len().div_ceil(mappers.len().max(1)).max(1);
    let shares: Vec<Vec<Answer<'t>>> = texts
        .par_chunks(share)
        .zip(mappers.par_iter_mut())
        .map(|(texts, mapper)| texts.iter().map(|text| Answer::of(text, mapper)).collect())
        .collect();
    shares.into_iter().flatten().collect()
}

/// The texts that are no records: how many, and the first.
#[derive(Debug, Default)]
struct Unread {
    texts: usize,
    first: Option<(u64, String)>,
}

impl Unread {
    fn count(&mut self, answer: &Answer<'_>) {
        if let (None, Some(why)) = (&answer.record, &answer.unmapped) {
            self.texts += 1;
            self.first.get_or_insert_with(|| (answer.line, why.clone()));
        }
    }

    /// Each is told in its place already; the first is told where people look, too.
    fn done(self, quiet: bool) -> Done {
        let Some((line, why)) = self.first else {
            return Done::Whole;
        };
        if !quiet {
            let texts = self.texts;
            output::note(&format!(
                "texts that are no CloudTrail record: {texts}; the first begins on line {line}: {why}"
            ));
        }
        Done::InPart
    }
}

/// What one record needed.
struct Answer<'t> {
    line: u64,
    /// None where the text is no record.
    record: Option<Record<'t>>,
    outcome: Option<RecordOutcome>,
    via: Option<String>,
    needs: Vec<MappedAction>,
    needs_none: Option<&'static str>,
    unmapped: Option<String>,
}

impl<'t> Answer<'t> {
    fn of(text: &'t RecordText<'t>, mapper: &mut Mapper<'_>) -> Self {
        let unread = |why: String| Self {
            line: text.line,
            record: None,
            outcome: None,
            via: None,
            needs: Vec::new(),
            needs_none: None,
            unmapped: Some(why),
        };
        let record = match &text.text {
            Ok(record) => Record::read(record),
            Err(error) => return unread(error.detail.clone()),
        };
        match record {
            Ok(record) => Self::of_record(text.line, record, mapper),
            Err(error) => unread(error.to_string()),
        }
    }

    fn of_record(line: u64, record: Record<'t>, mapper: &mut Mapper<'_>) -> Self {
        let caller = record.caller();
        let mapping = mapper.map(&record.call(caller.account_id.as_deref()));
        let outcome = record.outcome(&mapping);
        let (needs, needs_none, unmapped) = match mapping {
            EventMapping::Actions(needs) => (needs, None, None),
            EventMapping::NoAction { reason } => (Vec::new(), Some(reason), None),
            EventMapping::Unmapped { reason } => (Vec::new(), None, Some(reason)),
        };
        Self {
            line,
            record: Some(record),
            outcome: Some(outcome),
            via: caller.invoked_by.map(std::borrow::Cow::into_owned),
            needs,
            needs_none,
            unmapped,
        }
    }

    fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        let record = self.record.as_ref();
        let line = JsonLine {
            event_id: record.and_then(|record| record.event_id.as_deref()),
            event_source: record.and_then(|record| record.event_source.as_deref()),
            event_name: record.and_then(|record| record.event_name.as_deref()),
            outcome: self.outcome,
            via: self.via.as_deref(),
            needs: &self.needs,
            needs_none: self.needs_none,
            unmapped: self.unmapped.as_deref(),
        };
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")
    }

    fn write_csv(&self, out: &mut impl Write) -> io::Result<()> {
        let record = self.record.as_ref();
        let head = [
            record.and_then(|record| record.event_id.as_deref()),
            record.and_then(|record| record.event_source.as_deref()),
            record.and_then(|record| record.event_name.as_deref()),
            self.outcome.map(RecordOutcome::as_str),
            self.via.as_deref(),
        ]
        .map(Option::unwrap_or_default);
        let why = self
            .unmapped
            .as_deref()
            .or(self.needs_none)
            .unwrap_or_default();
        if self.needs.is_empty() {
            return output::csv_line(out, head.into_iter().chain(["", "", "", "", "", why]));
        }
        for need in &self.needs {
            let (strength, basis) = (need.strength.as_str(), need.basis.as_str());
            for resource in &need.resources {
                let from = need.resource_basis.as_str();
                let cells = [&need.action, strength, basis, resource, from, ""];
                output::csv_line(out, head.into_iter().chain(cells))?;
            }
        }
        Ok(())
    }
}

/// The columns of a line of CSV: one per record, action and resource.
const CSV_HEAD: [&str; 11] = [
    "event_id",
    "event_source",
    "event_name",
    "outcome",
    "via",
    "action",
    "strength",
    "basis",
    "resource",
    "resource_basis",
    "reason",
];

/// A line of JSON.
#[derive(Serialize)]
struct JsonLine<'a> {
    event_id: Option<&'a str>,
    event_source: Option<&'a str>,
    event_name: Option<&'a str>,
    /// None where the text is no record.
    outcome: Option<RecordOutcome>,
    /// The service that made the call on the caller's behalf.
    via: Option<&'a str>,
    needs: &'a [MappedAction],
    /// Why the event needs no action.
    needs_none: Option<&'a str>,
    /// Why it is not known what the event needs.
    unmapped: Option<&'a str>,
}
