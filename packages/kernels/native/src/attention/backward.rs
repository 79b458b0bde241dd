//! The gradients, tile by tile: the weights are computed again from the logarithms that the result's computation kept.
//!
//! Dao et al. 2022, https://arxiv.org/abs/2205.14135, Algorithm 4.

use std::ops::Range;

use super::problem::{Heads, Mask, Problem, View};
use super::short::is_short;
use super::softmax::{Drops, Tile, Weights};
use super::tiles::{KEYS, Pointers, QUERIES, STRIDE, blocks, columns, each_head, panels_for, queries_of, rows};
use crate::dropout::Dropping;
use crate::gemm::{Ahead, ColumnBlock, Columns, Panels, RowBlock, tile};
use crate::parallel::{Parallel, Sequential, Shared};
use crate::rows::vectorized;
use crate::scratch::Scratch;

pub struct Backward<'a> {
    pub problem: &'a Problem,
    pub query: Heads<'a>,
    pub key: Heads<'a>,
    pub value: Heads<'a>,
    pub result: Heads<'a>,
    /// Of what is minimised at the result.
    pub gradient: Heads<'a>,
    /// [B, H, T]
    pub logarithms: &'a [f32],
    pub mask: Option<Mask<'a>>,
    /// Of the softmax's weights.
    pub dropping: Option<&'a Dropping>,
    pub query_gradient: Gradient<'a>,
    pub key_gradient: Gradient<'a>,
    pub value_gradient: Gradient<'a>,
}

/// A gradient to write; several may lie in one tensor.
#[derive(Clone, Copy)]
pub struct Gradient<'a> {
    pub memory: &'a Shared<f32>,
    pub view: View,
}

impl Gradient<'_> {
    pub fn row(&self, head: (usize, usize), row: usize) -> *mut f32 {
        self.memory.pointer(self.view.start(head, row))
    }

    /// # Safety
    /// The rows are the caller's alone, of `width` floats.
    unsafe fn clear(&self, head: (usize, usize), rows: Range<usize>, width: usize) {
        for row in rows {
            // SAFETY: the view was checked; the row is the caller's.
            unsafe { std::slice::from_raw_parts_mut(self.row(head, row), width) }.fill(0.0);
        }
    }
}

/// Which gradients a task owns: of some queries, of some keys and their values, or of both.
struct Part {
    queries: Range<usize>,
    keys: Range<usize>,
    of_queries: bool,
    of_keys: bool,
}

/// Rows of a task where one head is shared by several; each packs its operands.
const SHARE: usize = 4 * QUERIES;

impl Backward<'_> {
    pub fn compute(&self, parallel: &dyn Parallel) {
        let p = self.problem;
        let count = p.count();
        if is_short(p) {
            each_head(p, parallel, &|index| self.short_head(index));
            return;
        }
        let whole = || Part { queries: 0..p.queries, keys: 0..p.keys, of_queries: true, of_keys: true };
        if count >= 8 || p.queries.max(p.keys) <= SHARE {
            each_head(p, parallel, &|index| self.part(index, whole()));
            return;
        }
        let (query_shares, key_shares) = (p.queries.div_ceil(SHARE), p.keys.div_ceil(SHARE));
        let shares = query_shares + key_shares;
        parallel.run(count * shares, &|task| {
            let (index, share) = (task / shares, task % shares);
            let of_queries = share < query_shares;
            let start = SHARE * if of_queries { share } else { share - query_shares };
            let part = if of_queries {
                Part { queries: start..p.queries.min(start + SHARE), of_keys: false, ..whole() }
            } else {
                Part { keys: start..p.keys.min(start + SHARE), of_queries: false, ..whole() }
            };
            self.part(index, part);
        });
    }

    fn part(&self, index: usize, part: Part) {
        let p = self.problem;
        let head = p.head(index);
        // SAFETY: these rows are this part's alone.
        unsafe {
            if part.of_queries {
                self.query_gradient.clear(head, part.queries.clone(), p.width);
            }
            if part.of_keys {
                self.key_gradient.clear(head, part.keys.clone(), p.width);
                self.value_gradient.clear(head, part.keys.clone(), p.value_width);
            }
        }
        let queries: Vec<Queries> = blocks(part.queries.len(), queries_of(p))
            .map(|block| self.queries(index, part.queries.start + block.start, block.len(), part.of_keys))
            .collect();
        let mut tiles = [Scratch::new(QUERIES * STRIDE), Scratch::new(QUERIES * STRIDE)];
        for block in blocks(part.keys.len(), KEYS) {
            let block = part.keys.start + block.start..part.keys.start + block.end;
            let keys = self.keys(head, block, part.of_queries);
            for queries in &queries {
                self.tile(head, queries, &keys, &mut tiles);
            }
        }
    }

    fn queries(&self, index: usize, first: usize, count: usize, packs: bool) -> Queries {
        let p = self.problem;
        let head = p.head(index);
        let block = first..first + count;
        let shifts = block.clone().map(|row| self.shift(head, row)).collect();
        let bases = block.clone().map(|row| {
            let logarithm = self.logarithms[index * p.queries + row];
            if logarithm == f32::NEG_INFINITY { f32::INFINITY } else { logarithm } // a row that sees nothing has no weights
        });
        Queries {
            first,
            count,
            bases: bases.collect(),
            shifts,
            left: Pointers::padded(&self.query, head, first, count),
            gradients: Pointers::padded(&self.gradient, head, first, count),
            packed: packs.then(|| {
                let left = rows(&self.query, head, block.clone(), p.width, &Sequential);
                (left, rows(&self.gradient, head, block, p.value_width, &Sequential))
            }),
        }
    }

    /// Σ gradient · result of a row: what the softmax takes off its gradients.
    fn shift(&self, head: (usize, usize), row: usize) -> f32 {
        let [of_result, of_gradient] = [&self.result, &self.gradient]
            .map(|heads| &heads.elements[heads.view.start(head, row)..][..self.problem.value_width]);
        let mut lanes = [0.0; 8];
        for (a, b) in of_result.chunks(8).zip(of_gradient.chunks(8)) {
            for (lane, (a, b)) in lanes.iter_mut().zip(a.iter().zip(b)) {
                *lane += a * b;
            }
        }
        lanes.iter().sum()
    }

    fn keys(&self, head: (usize, usize), block: Range<usize>, packs: bool) -> Keys {
        let p = self.problem;
        Keys {
            first: block.start,
            columns: columns(&self.key, head, block.clone(), p.width, &Sequential),
            values: columns(&self.value, head, block.clone(), p.value_width, &Sequential),
            rows: packs.then(|| rows(&self.key, head, block, p.width, &Sequential)),
        }
    }

    fn tile(&self, head: (usize, usize), queries: &Queries, keys: &Keys, [scores, gradients]: &mut [Scratch; 2]) {
        let p = self.problem;
        let visible = p.visible(queries.first + queries.count - 1);
        if keys.first >= visible {
            return;
        }
        let tile = Tile {
            problem: p,
            mask: self.mask,
            head,
            first_row: queries.first,
            rows: queries.count,
            first_key: keys.first,
            keys: keys.columns.columns.min(visible - keys.first),
            stride: STRIDE,
        };
        let products = [
            (&queries.left, &mut *scores, &keys.columns, p.width),
            (&queries.gradients, &mut *gradients, &keys.values, p.value_width),
        ];
        for (left, target, right, length) in products {
            let block = RowBlock {
                left,
                targets: &Pointers::of_tile(target, tile.rows),
                segments: 1,
                first: 0,
                length,
                right,
                panels: panels_for(tile.keys),
                first_column: 0,
                accumulate: false,
            };
            // SAFETY: views were checked against their tensors; the tile is this task's own.
            unsafe { block.compute() };
        }
        let drop = |numbers: &mut [f32]| {
            if let Some(dropping) = self.dropping {
                vectorized(Drops { tile: &tile, dropping, numbers });
            }
        };
        drop(gradients);
        vectorized(Weights { tile: &tile, scores, gradients, bases: &queries.bases, shifts: &queries.shifts });
        drop(scores); // of these are the gradients of the values
        if let Some(right) = &keys.rows {
            let targets: Vec<_> =
                (queries.first..queries.first + queries.count).map(|row| self.query_gradient.row(head, row)).collect();
            let block = RowBlock {
                left: &Pointers::padded_tile(gradients, tile.rows),
                targets: &targets,
                segments: 1,
                first: 0,
                length: tile.keys,
                right,
                panels: panels_for(p.width),
                first_column: 0,
                accumulate: true,
            };
            // SAFETY: rows of the queries' gradient are this task's alone; views were checked.
            unsafe { block.compute() };
        }
        if let Some((left, gradient)) = &queries.packed {
            // SAFETY: rows of the gradients of keys and values are this task's alone; views were checked.
            unsafe {
                add_transposed(
                    scores,
                    &tile,
                    gradient,
                    self.value_gradient.row(head, keys.first),
                    self.value_gradient.view.row,
                );
                add_transposed(
                    gradients,
                    &tile,
                    left,
                    self.key_gradient.row(head, keys.first),
                    self.key_gradient.view.row,
                );
            }
        }
    }
}

/// Some queries of a head.
struct Queries {
    first: usize,
    count: usize,
    bases: Vec<f32>,
    shifts: Vec<f32>,
    left: Pointers<*const f32>,
    gradients: Pointers<*const f32>,
    /// [rows, D] and the result's gradient [rows, V], where gradients of keys are wanted.
    packed: Option<(Panels, Panels)>,
}

/// Some keys of a head and their values.
struct Keys {
    first: usize,
    /// [D, keys]
    columns: Panels,
    /// [V, keys]
    values: Panels,
    /// [keys, D], where gradients of queries are wanted.
    rows: Option<Panels>,
}

/// `target[key] += Σ_row tile[row, key] · right[row]`.
///
/// # Safety
/// `target` is valid for the tile's keys, `stride` apart and as wide as `right`, and the caller's alone.
unsafe fn add_transposed(scores: &[f32], of: &Tile, right: &Panels, target: *mut f32, stride: usize) {
    let left = Pointers::of_tile_read(scores, of.rows);
    let width = tile().columns;
    for panel in 0..right.count() {
        let first = panel * width;
        // SAFETY: by this function's contract; the tile holds a row for each of the right operand's.
        unsafe {
            ColumnBlock {
                left: Columns::Scattered(&left),
                rows: (0, of.keys),
                right: right.from(panel, 0),
                beginning: None,
                target: target.add(first),
                stride,
                columns: width.min(right.columns - first),
                accumulate: true,
                ahead: Ahead::NOTHING,
            }
            .compute();
        }
    }
}
