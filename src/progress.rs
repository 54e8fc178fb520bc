//! Progress bars: on standard error where that is a terminal, nowhere else.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use curtail_ingest::{NoProgress, Progress};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// One bar at a time, the stage's name before it.
#[derive(Debug, Default)]
pub(crate) struct Bars {
    current: Mutex<Option<ProgressBar>>,
}

/// The progress that fits `--quiet` and where standard error goes.
pub(crate) fn progress(quiet: bool) -> Box<dyn Progress> {
    use std::io::IsTerminal as _;
    if quiet || !std::io::stderr().is_terminal() {
        Box::new(NoProgress)
    } else {
        Box::new(Bars::default())
    }
}

impl Bars {
    fn replace(&self, bar: Option<ProgressBar>) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(old) = std::mem::replace(&mut *current, bar) {
            old.finish_and_clear();
        }
    }
}

impl Progress for Bars {
    fn begin(&self, stage: &str, total: Option<u64>) {
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
        let shape = if total.is_some() {
            "{msg:12} {bar:32} {pos}/{len} {elapsed} (about {eta} left)"
        } else {
            "{msg:12} {spinner} {pos} {elapsed}"
        };
        if let Ok(style) = ProgressStyle::with_template(shape) {
            bar.set_style(style);
        }
        bar.set_message(stage.to_owned());
        bar.enable_steady_tick(Duration::from_millis(200));
        self.replace(Some(bar));
    }

    fn advance(&self, by: u64) {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bar) = current.as_ref() {
            bar.inc(by);
        }
    }

    fn finish(&self) {
        self.replace(None);
    }
}
