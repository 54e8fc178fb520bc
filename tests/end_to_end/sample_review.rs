//! The review of `sample-data/`: what `truth.json` says happened is what the tables say.
