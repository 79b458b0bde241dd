//! The gradients of a short head.

use super::super::backward::{Backward, Gradient};
use super::super::softmax::{Drops, Tile};
use super::product::Product;
use super::softmax::Weights;
use super::{groups, plain, stride, transposed};
use crate::gemm::{Panels, tile};
use crate::rows::vectorized;
use crate::scratch::Scratch;

impl Backward<'_> {
    pub fn short_head(&self, index: usize) {
        let p = self.problem;
        let size = p.queries * stride(p.keys);
        let (mut weights, mut gradients) = (Scratch::new(size), Scratch::new(size));
        self.of_queries(index, &mut weights, &mut gradients);
        let head = p.head(index);
        let queries = plain(&self.query, head, (p.queries, p.width));
        let results = plain(&self.gradient, head, (p.queries, p.value_width));
        self.of_keys(head, &weights, (&results, p.value_width), &self.value_gradient);
        self.of_keys(head, &gradients, (&queries, p.width), &self.key_gradient);
    }

    /// The queries' gradient; leaves the weights and the gradients of the scores.
    fn of_queries(&self, index: usize, weights: &mut [f32], gradients: &mut [f32]) {
        let p = self.problem;
        let head = p.head(index);
        let keys = transposed(&self.key, head, (p.keys, p.width));
        let values = transposed(&self.value, head, (p.keys, p.value_width));
        let right = plain(&self.key, head, (p.keys, p.width));
        let (stride, panel) = (stride(p.keys), tile().columns);
        for group in groups(p.queries) {
            let (first, rows) = (group.start, group.len());
            let seen = p.visible(group.end - 1);
            let weights = &mut weights[first * stride..][..rows * stride];
            let gradients = &mut gradients[first * stride..][..rows * stride];
            for (left, right, length, target) in [
                (&self.query, &keys, p.width, &mut *weights),
                (&self.gradient, &values, p.value_width, &mut *gradients),
            ] {
                // SAFETY: views were checked against their tensors; rows of scores have room for all keys.
                unsafe {
                    Product {
                        left: (left.row(head, first), left.view.row, 1),
                        right: (right.first(), length * panel),
                        length,
                        target: (target.as_mut_ptr(), stride),
                        rows,
                        columns: seen,
                        roomy: true,
                        factors: None,
                    }
                    .compute();
                }
            }
            let of =
                Tile { problem: p, mask: self.mask, head, first_row: first, rows, first_key: 0, keys: seen, stride };
            let drop = |numbers: &mut [f32]| {
                if let Some(dropping) = self.dropping {
                    vectorized(Drops { tile: &of, dropping, numbers });
                }
            };
            drop(gradients);
            vectorized(Weights {
                tile: &of,
                scores: weights,
                gradients,
                columns: if p.causal { p.keys.min(first + tile().rows) } else { p.keys },
                logarithms: &self.logarithms[index * p.queries + first..][..rows],
                results: &|row| {
                    [&self.result, &self.gradient]
                        .map(|of| &of.elements[of.view.start(head, first + row)..][..p.value_width])
                },
            });
            drop(weights); // of these are the gradients of the values
            if p.width == 0 {
                continue;
            }
            // SAFETY: rows of the gradient are this head's alone; views were checked.
            unsafe {
                Product {
                    left: (gradients.as_ptr(), stride, 1),
                    right: (right.first(), p.keys * panel),
                    length: seen,
                    target: (self.query_gradient.row(head, first), self.query_gradient.view.row),
                    rows,
                    columns: p.width,
                    roomy: false,
                    factors: None,
                }
                .compute();
            }
        }
    }

    /// `target[key] = Σ_query scores[query][key] · right[query]`.
    fn of_keys(&self, head: (usize, usize), scores: &[f32], (right, width): (&Panels, usize), target: &Gradient) {
        let p = self.problem;
        let stride = stride(p.keys);
        if width == 0 {
            return;
        }
        for group in groups(p.keys) {
            let first = if p.causal { p.queries.min(group.start) } else { 0 };
            // SAFETY: rows of the gradient are this head's alone; views were checked. Where a query's row of scores was not
            // computed as far as this group of keys, its group of queries begins before it.
            unsafe {
                Product {
                    left: (scores.as_ptr().wrapping_add(first * stride + group.start), 1, stride),
                    right: (right.from(0, first).as_ptr(), p.queries * tile().columns),
                    length: p.queries - first,
                    target: (target.row(head, group.start), target.view.row),
                    rows: group.len(),
                    columns: width,
                    roomy: false,
                    factors: None,
                }
                .compute();
            }
        }
    }
}
