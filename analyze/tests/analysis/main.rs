//! An analysis from a lake to its rows, against what was put in, and against plain iterators.

#[cfg(test)]
mod attribution;
#[cfg(test)]
mod differential;
#[cfg(test)]
mod model;
#[cfg(test)]
mod partition;
#[cfg(test)]
mod review;
#[cfg(test)]
mod rows;
#[cfg(test)]
mod rules;
