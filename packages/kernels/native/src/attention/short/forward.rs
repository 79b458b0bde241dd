//! The result of a short head.

use super::super::forward::Forward;
use super::super::softmax::{Drops, Tile};
use super::product::Product;
use super::softmax::Exponentials;
use super::{ROWS, groups, plain, stride, transposed};
use crate::gemm::tile;
use crate::rows::vectorized;
use crate::scratch::Scratch;

impl Forward<'_> {
    pub fn short_head(&self, index: usize) {
        let p = self.problem;
        let head = p.head(index);
        let keys = transposed(&self.key, head, (p.keys, p.width));
        let values = plain(&self.value, head, (p.keys, p.value_width));
        let (stride, panel) = (stride(p.keys), tile().columns);
        let mut scores = Scratch::new(ROWS * stride);
        for group in groups(p.queries) {
            let (first, rows) = (group.start, group.len());
            let seen = p.visible(group.end - 1);
            let of =
                Tile { problem: p, mask: self.mask, head, first_row: first, rows, first_key: 0, keys: seen, stride };
            let mut factors = [0.0; ROWS];
            // SAFETY: each row's logarithm is one head's.
            let logarithms = unsafe { self.logarithms.part(index * p.queries + first, rows) };
            let query = self.query.row(head, first);
            // SAFETY: views were checked against their tensors; rows of scores have room for all keys.
            unsafe {
                Product {
                    left: (query, self.query.view.row, 1),
                    right: (keys.first(), p.width * panel),
                    length: p.width,
                    target: (scores.as_mut_ptr(), stride),
                    rows,
                    columns: seen,
                    roomy: true,
                    factors: None,
                }
                .compute();
            }
            vectorized(Exponentials { tile: &of, scores: &mut scores, factors: &mut factors, logarithms });
            if let Some(dropping) = self.dropping {
                vectorized(Drops { tile: &of, dropping, numbers: &mut scores });
            }
            if p.value_width == 0 {
                continue;
            }
            // SAFETY: rows of the result are this head's alone; views were checked.
            unsafe {
                Product {
                    left: (scores.as_ptr(), stride, 1),
                    right: (values.first(), p.keys * panel),
                    length: seen,
                    target: (self.result.pointer(self.result_view.start(head, first)), self.result_view.row),
                    rows,
                    columns: p.value_width,
                    roomy: false,
                    factors: Some(&factors),
                }
                .compute();
            }
        }
    }
}
