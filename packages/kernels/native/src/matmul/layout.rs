//! Where the elements of a product's matrices lie.

use crate::runtime::{Failure, failure};

#[derive(Clone, Debug, Default)]
pub struct Layout {
    pub rows: usize,
    pub columns: usize,
    pub inner: usize,
    /// Lengths of the stacks' axes, and the steps along them in left, right and result.
    pub stack: Vec<usize>,
    pub stack_steps: [Vec<usize>; 3],
    /// Where the first matrices of left and right start.
    pub left_start: usize,
    pub right_start: usize,
    pub left_row: usize,
    pub left_inner: usize,
    pub right_inner: usize,
    pub right_column: usize,
    pub row: usize,
}

impl Layout {
    pub(super) fn is_empty(&self) -> bool {
        self.rows == 0 || self.columns == 0 || self.stack.contains(&0)
    }

    /// Whether all rows of the result lie behind one another.
    pub(super) fn is_gapless(&self) -> bool {
        let mut size = self.rows * self.columns;
        let is_next = |(&length, &step): (&usize, &usize)| {
            let fits = length == 1 || step == size;
            size *= length;
            fits
        };
        self.row == self.columns && self.stack.iter().zip(&self.stack_steps[2]).rev().all(is_next)
    }

    /// Every element that the product touches lies in its tensor. Lengths and steps are below 2³¹: in 128 bits nothing overflows.
    pub(super) fn check(&self, left: usize, right: usize, result: usize) -> Result<(), Failure> {
        // Along each axis the last index times its step.
        let last = |start: usize, axes: [(usize, usize); 2], steps: &[usize]| -> u128 {
            let stack = self.stack.iter().copied().zip(steps.iter().copied());
            axes.into_iter().chain(stack).map(|(n, step)| (n as u128 - 1) * step as u128).sum::<u128>() + start as u128
        };
        let [l, r, w] = &self.stack_steps;
        let (rows, columns, inner) = (self.rows, self.columns, self.inner);
        let fits = self.is_empty()
            || self.row >= columns
                && last(0, [(rows, self.row), (columns, 1)], w) < result as u128
                && (inner == 0
                    || last(self.left_start, [(rows, self.left_row), (inner, self.left_inner)], l) < left as u128
                        && last(self.right_start, [(inner, self.right_inner), (columns, self.right_column)], r)
                            < right as u128);
        if fits { Ok(()) } else { Err(failure(format!("the layout does not fit its tensors: {self:?}"))) }
    }

    /// Where matrix `index` starts in left, right and result.
    pub(super) fn starts(&self, mut index: usize) -> [usize; 3] {
        let mut starts = [self.left_start, self.right_start, 0];
        for (axis, &length) in self.stack.iter().enumerate().rev() {
            for (start, steps) in starts.iter_mut().zip(&self.stack_steps) {
                *start += index % length * steps[axis];
            }
            index /= length;
        }
        starts
    }
}
