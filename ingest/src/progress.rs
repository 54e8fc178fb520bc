//! How far a long stage has come: called by the stages, shown by the binary.

/// Is told how far a stage has come. A stage begins, advances and finishes; stages do not nest.
pub trait Progress: Send + Sync {
    /// A stage begins; `total` is how many steps it has, where that is known.
    fn begin(&self, stage: &str, total: Option<u64>);
    /// So many steps are done since the last call.
    fn advance(&self, by: u64);
    /// The stage is done.
    fn finish(&self);
}

/// Shows nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn begin(&self, _stage: &str, _total: Option<u64>) {}
    fn advance(&self, _by: u64) {}
    fn finish(&self) {}
}
