//! `curtail sql`: one query over every table and view of the lake.

use std::io::{Read as _, Write as _};

use anyhow::Context as _;
use arrow::array::RecordBatch;
use arrow::datatypes::Schema;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use curtail_analyze::{Engine, Rows};

use super::{Context, analyze, ingest};
use crate::arguments::{Format, SqlArguments};
use crate::exit::{Done, Failure};
use crate::output;

/// Runs the query and prints its rows.
pub(crate) async fn run(context: &Context<'_>, typed: &SqlArguments) -> Result<Done, Failure> {
    let query = query(typed)?;
    let (agents, options) = analyze::review(context, &typed.review)?;
    let lake = ingest::open(context).await?;
    let engine = Engine::open(&lake, &agents, &options)
        .await
        .map_err(Failure::of_analysis)?;
    let rows = engine.sql(&query).await.map_err(|error| {
        Failure::usage(error).hint("`curtail sql 'show tables'` lists the tables and views; queries read, they never write")
    })?;
    match context.common.format {
        Format::Json => print_json(rows).await,
        Format::Csv => print_csv(rows).await,
        Format::Text => print_table(rows).await,
    }
    .map_err(Failure::failed)?;
    Ok(Done::Whole)
}

fn query(typed: &SqlArguments) -> Result<String, Failure> {
    if let Some(query) = &typed.query {
        return Ok(query.clone());
    }
    if let Some(path) = &typed.file {
        return std::fs::read_to_string(path)
            .with_context(|| format!("the query file `{}` cannot be read", path.display()))
            .map_err(Failure::usage);
    }
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .context("the query cannot be read from standard input")
        .map_err(Failure::usage)?;
    Ok(text)
}

/// One array of objects, written as the rows come.
async fn print_json(mut rows: Rows) -> anyhow::Result<()> {
    let mut writer = arrow::json::ArrayWriter::new(output::stdout());
    while let Some(batch) = rows.next().await? {
        writer.write(&batch)?;
    }
    writer.finish()?;
    let mut out = writer.into_inner();
    writeln!(out)?;
    out.flush()?;
    Ok(())
}

/// A head and a line a row, written as the rows come.
async fn print_csv(mut rows: Rows) -> anyhow::Result<()> {
    let mut out = output::stdout();
    let schema = rows.schema();
    output::csv_line(&mut out, head(&schema).into_iter())?;
    while let Some(batch) = rows.next().await? {
        for row in cells(&batch)? {
            output::csv_line(&mut out, row.iter().map(String::as_str))?;
        }
    }
    out.flush()?;
    Ok(())
}

/// A table, as wide as its widest cells: all rows are held until the last has come.
async fn print_table(mut rows: Rows) -> anyhow::Result<()> {
    let schema = rows.schema();
    let mut shown = Vec::new();
    while let Some(batch) = rows.next().await? {
        shown.extend(cells(&batch)?);
    }
    output::table(&head(&schema), &shown)?;
    Ok(())
}

fn head(schema: &Schema) -> Vec<&str> {
    schema
        .fields()
        .iter()
        .map(|field| field.name().as_str())
        .collect()
}

/// The cells of a batch as text, row by row; NULL is empty.
fn cells(batch: &RecordBatch) -> anyhow::Result<Vec<Vec<String>>> {
    let options = FormatOptions::default();
    let columns = batch
        .columns()
        .iter()
        .map(|column| ArrayFormatter::try_new(column.as_ref(), &options))
        .collect::<Result<Vec<_>, _>>()?;
    Ok((0..batch.num_rows())
        .map(|row| {
            columns
                .iter()
                .map(|column| column.value(row).to_string())
                .collect()
        })
        .collect())
}
