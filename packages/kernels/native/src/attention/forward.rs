//! The result, tile by tile with a running softmax: Dao et al. 2022, https://arxiv.org/abs/2205.14135, Algorithm 1.

use super::problem::{Heads, Mask, Problem, View};
use super::short::is_short;
use super::softmax::{Drops, Exponentials, Tile};
use super::tiles::{
    KEYS, Pointers, QUERIES, STRIDE, WORTHWHILE, blocks, columns, each_head, panels_for, queries_of, rows,
};
use crate::dropout::Dropping;
use crate::gemm::{Panels, RowBlock};
use crate::parallel::{Parallel, Sequential, Shared};
use crate::rows::vectorized;
use crate::scratch::Scratch;

pub struct Forward<'a> {
    pub problem: &'a Problem,
    pub query: Heads<'a>,
    pub key: Heads<'a>,
    pub value: Heads<'a>,
    pub mask: Option<Mask<'a>>,
    /// Of the softmax's weights.
    pub dropping: Option<&'a Dropping>,
    pub result: Shared<f32>,
    pub result_view: View,
    /// [B, H, T]: the logarithm of the sum of the scores' exponentials, for the gradient.
    pub logarithms: Shared<f32>,
}

/// Keys and values of one head, packed; a block of keys each.
struct Packed {
    keys: Vec<Panels>,
    values: Vec<Panels>,
}

impl Forward<'_> {
    pub fn compute(&self, parallel: &dyn Parallel) {
        let (count, work) = (self.problem.count(), self.problem.work());
        if self.problem.queries == 0 {
            return;
        }
        if is_short(self.problem) {
            each_head(self.problem, parallel, &|index| self.short_head(index));
            return;
        }
        if count >= 8 || work < WORTHWHILE {
            each_head(self.problem, parallel, &|index| self.head(index, &Sequential));
        } else {
            (0..count).for_each(|index| self.head(index, parallel));
        }
    }

    fn head(&self, index: usize, parallel: &dyn Parallel) {
        let head = self.problem.head(index);
        let packed = self.pack(head, parallel);
        let rows = queries_of(self.problem);
        parallel.run(self.problem.queries.div_ceil(rows), &|block| {
            let first = block * rows;
            self.block(index, first, rows.min(self.problem.queries - first), &packed);
        });
    }

    fn pack(&self, head: (usize, usize), parallel: &dyn Parallel) -> Packed {
        let p = self.problem;
        let keys = blocks(p.keys, KEYS);
        Packed {
            keys: keys.clone().map(|block| columns(&self.key, head, block, p.width, parallel)).collect(),
            values: keys.map(|block| rows(&self.value, head, block, p.value_width, parallel)).collect(),
        }
    }

    /// The results of queries `first` … of one head.
    fn block(&self, index: usize, first: usize, count: usize, packed: &Packed) {
        let p = self.problem;
        let head = p.head(index);
        let mut scores = Scratch::new(QUERIES * STRIDE);
        let [mut largest, mut sums, mut factors] = [[f32::NEG_INFINITY; QUERIES], [0.0; QUERIES], [0.0; QUERIES]];
        let queries = Pointers::padded(&self.query, head, first, count);
        let results: Vec<*mut f32> =
            (first..first + count).map(|row| self.result.pointer(self.result_view.start(head, row))).collect();
        for row in 0..count {
            self.result_row(&results, row).fill(0.0);
        }
        let visible = p.visible(first + count - 1);
        for (block, (keys, values)) in packed.keys.iter().zip(&packed.values).enumerate() {
            let first_key = block * KEYS;
            if first_key >= visible {
                break;
            }
            let tile = Tile {
                problem: p,
                mask: self.mask,
                head,
                first_row: first,
                rows: count,
                first_key,
                keys: keys.columns.min(visible - first_key),
                stride: STRIDE,
            };
            let targets = Pointers::of_tile(&mut scores, count);
            // SAFETY: views were checked against their tensors; the scores are this block's own.
            unsafe {
                RowBlock {
                    left: &queries,
                    targets: &targets,
                    segments: 1,
                    first: 0,
                    length: p.width,
                    right: keys,
                    panels: panels_for(tile.keys),
                    first_column: 0,
                    accumulate: false,
                }
                .compute();
            }
            vectorized(Exponentials {
                tile: &tile,
                scores: &mut scores,
                largest: &mut largest[..count],
                sums: &mut sums[..count],
                factors: &mut factors[..count],
            });
            if let Some(dropping) = self.dropping {
                vectorized(Drops { tile: &tile, dropping, numbers: &mut scores }); // the sums are of all weights
            }
            if block > 0 {
                self.scale(&results, &factors);
            }
            let weights = Pointers::padded_tile(&scores, count);
            // SAFETY: rows of the result are this block's alone; views were checked.
            unsafe {
                RowBlock {
                    left: &weights,
                    targets: &results,
                    segments: 1,
                    first: 0,
                    length: tile.keys,
                    right: values,
                    panels: panels_for(p.value_width),
                    first_column: 0,
                    accumulate: true,
                }
                .compute();
            }
        }
        // SAFETY: each row's logarithm is one task's.
        let logarithms = unsafe { self.logarithms.part(index * p.queries + first, count) };
        for row in 0..count {
            logarithms[row] = largest[row] + sums[row].ln();
            factors[row] = if sums[row] == 0.0 { 0.0 } else { 1.0 / sums[row] }; // a row that sees nothing stays 0
        }
        self.scale(&results, &factors);
    }

    fn scale(&self, results: &[*mut f32], factors: &[f32]) {
        for (row, &factor) in (0..results.len()).zip(factors) {
            self.result_row(results, row).iter_mut().for_each(|value| *value *= factor);
        }
    }

    #[allow(clippy::mut_from_ref)]
    fn result_row(&self, results: &[*mut f32], row: usize) -> &mut [f32] {
        // SAFETY: the view was checked; rows are one task's alone, and one is borrowed at a time.
        unsafe { std::slice::from_raw_parts_mut(results[row], self.problem.value_width) }
    }
}
