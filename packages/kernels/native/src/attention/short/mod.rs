//! Heads whose scores lie in the second-level cache together: nothing is cut or added up in memory, and what a query does not see
//! is left out by register tiles.

mod backward;
mod forward;
mod product;
mod softmax;

use std::ops::Range;

use super::problem::{Heads, Problem};
use super::tiles::{columns, rows};
use crate::gemm::{Panels, tile};
use crate::parallel::Sequential;

/// Queries and keys of a head at most.
const LONGEST: usize = 256;
/// Rows of a register tile at most.
const ROWS: usize = 12;

pub fn is_short(problem: &Problem) -> bool {
    problem.queries.max(problem.keys) <= LONGEST
}

/// Floats from one row of scores to the next: an odd number of cache lines, so that rows do not push each other out.
fn stride(keys: usize) -> usize {
    keys.next_multiple_of(16) + if keys.div_ceil(16).is_multiple_of(2) { 16 } else { 0 }
}

/// Rows of a head by register tiles.
fn groups(rows: usize) -> impl Iterator<Item = Range<usize>> {
    let each = tile().rows;
    (0..rows).step_by(each).map(move |first| first..rows.min(first + each))
}

/// A head, transposed: [width, rows].
fn transposed(of: &Heads, head: (usize, usize), (rows, width): (usize, usize)) -> Panels {
    columns(of, head, 0..rows, width, &Sequential)
}

/// A head as it is: [rows, width].
fn plain(of: &Heads, head: (usize, usize), (count, width): (usize, usize)) -> Panels {
    rows(of, head, 0..count, width, &Sequential)
}
