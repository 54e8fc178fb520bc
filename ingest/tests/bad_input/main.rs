//! Every kind of bad input, a test each: what of it is in the lake, what stands in `quarantine` and where, what `objects`
//! says, and that an object beside it is whole.

#[cfg(test)]
mod compression;
#[cfg(test)]
mod fields;
#[cfg(test)]
mod foreign;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod shape;
#[cfg(test)]
mod size;
#[cfg(test)]
mod text;
