//! How scores are cut into tiles that stay in the second-level cache, and the operands of the tiles' products.

use std::ops::{Deref, Range};

use super::problem::{Heads, Problem};
use crate::gemm::{Panels, Source, tile};
use crate::parallel::Parallel;

/// Queries of a tile at most: a multiple of the register tile's rows.
pub const QUERIES: usize = 96;
/// Keys of a tile.
pub const KEYS: usize = 256;
/// Floats from one row of a tile to the next. An odd number of cache lines: rows do not push each other out of the first-level cache.
pub const STRIDE: usize = KEYS + 16;
/// Multiply-adds that are worth another task.
pub const WORTHWHILE: usize = 1 << 16;

/// Runs `head` for each head.
pub fn each_head(problem: &Problem, parallel: &dyn Parallel, head: &(dyn Fn(usize) + Sync)) {
    let count = problem.count();
    let each = (WORTHWHILE / problem.work().max(1)).clamp(1, count.max(1));
    parallel.run(count.div_ceil(each), &|task| (task * each..count.min((task + 1) * each)).for_each(head));
}

/// Queries of a tile. Fewer where later keys are hidden: what a tile computes beyond its diagonal is lost.
pub fn queries_of(problem: &Problem) -> usize {
    if problem.causal { QUERIES / 2 } else { QUERIES }
}

/// Pieces of at most `size`.
pub fn blocks(length: usize, size: usize) -> impl Iterator<Item = Range<usize>> + Clone {
    (0..length).step_by(size).map(move |start| start..length.min(start + size))
}

/// Some rows of a head, transposed: [width, rows].
pub fn columns(
    from: &Heads,
    head: (usize, usize),
    block: Range<usize>,
    width: usize,
    parallel: &dyn Parallel,
) -> Panels {
    let (elements, bases) = (from.elements, [from.view.start(head, block.start)]);
    let (length, inner, outer, columns) = (width, 1, from.view.row, block.len());
    Panels::pack(&Source { elements, bases, length, inner, outer, columns }, parallel)
}

/// Some rows of a head as they are: [rows, width].
pub fn rows(from: &Heads, head: (usize, usize), block: Range<usize>, width: usize, parallel: &dyn Parallel) -> Panels {
    let (elements, bases) = (from.elements, [from.view.start(head, block.start)]);
    let (length, inner, outer, columns) = (block.len(), from.view.row, 1, width);
    Panels::pack(&Source { elements, bases, length, inner, outer, columns }, parallel)
}

/// The panels that hold the first columns.
pub fn panels_for(columns: usize) -> (usize, usize) {
    (0, columns.div_ceil(tile().columns))
}

/// Starts of rows.
pub struct Pointers<T>(Vec<T>);

impl<T> Deref for Pointers<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl Pointers<*const f32> {
    /// Rows of a head, filled up to whole register tiles with the last one.
    pub fn padded(of: &Heads, head: (usize, usize), first: usize, count: usize) -> Self {
        let start = of.elements.as_ptr();
        Pointers(padded(count).map(|row| start.wrapping_add(of.view.start(head, first + row))).collect())
    }

    /// Rows of a tile, filled up to whole register tiles with the last one.
    pub fn padded_tile(scores: &[f32], count: usize) -> Self {
        Pointers(padded(count).map(|row| scores[row * STRIDE..].as_ptr()).collect())
    }

    pub fn of_tile_read(scores: &[f32], count: usize) -> Self {
        Pointers((0..count).map(|row| scores[row * STRIDE..].as_ptr()).collect())
    }
}

impl Pointers<*mut f32> {
    pub fn of_tile(scores: &mut [f32], count: usize) -> Self {
        Pointers((0..count).map(|row| scores[row * STRIDE..].as_mut_ptr()).collect())
    }
}

fn padded(count: usize) -> impl Iterator<Item = usize> {
    (0..count.next_multiple_of(tile().rows)).map(move |row| row.min(count - 1))
}
