//! Rows of scores and what becomes of them, as vector code.

use super::problem::{Mask, Problem};
use crate::dropout::Dropping;
use crate::fused::math::exp;
use crate::rows::{Loops, exponentials, largest};

/// A tile of scores: queries `first_row` … by keys `first_key` ….
pub struct Tile<'a> {
    pub problem: &'a Problem,
    pub mask: Option<Mask<'a>>,
    pub head: (usize, usize),
    pub first_row: usize,
    pub rows: usize,
    pub first_key: usize,
    /// Keys that any of the rows sees.
    pub keys: usize,
    /// Floats from one row to the next.
    pub stride: usize,
}

impl Tile<'_> {
    /// Keys of this tile that a row sees.
    #[inline(always)]
    pub fn visible(&self, row: usize) -> usize {
        let visible = self.problem.visible(self.first_row + row);
        visible.saturating_sub(self.first_key).min(self.keys)
    }

    /// Scales the scores of a row and adds the mask, where that has to be done before they are compared: says by what they are still to
    /// be scaled.
    #[inline(always)]
    pub fn prepare(&self, row: usize, scores: &mut [f32]) -> f32 {
        if !self.scales_first() {
            return self.problem.scale;
        }
        self.add_mask(row, scores);
        1.0
    }

    /// Whether the scores have to be scaled before they are compared.
    #[inline(always)]
    fn scales_first(&self) -> bool {
        self.mask.is_some() || self.problem.scale <= 0.0
    }

    #[inline(always)]
    fn add_mask(&self, row: usize, scores: &mut [f32]) {
        let scale = self.problem.scale;
        scores.iter_mut().for_each(|score| *score *= scale);
        if let Some(mask) = self.mask {
            mask.add(self.head, self.first_row + row, self.first_key, scores);
        }
    }
}

/// Drops of the numbers of a tile. Rows are numbered through all heads, columns are keys.
pub struct Drops<'a> {
    pub tile: &'a Tile<'a>,
    pub dropping: &'a Dropping,
    pub numbers: &'a mut [f32],
}

impl Loops for Drops<'_> {
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
        let (tile, p) = (self.tile, self.tile.problem);
        let first = p.index(tile.head) * p.queries + tile.first_row;
        for row in 0..tile.rows {
            let seen = &mut self.numbers[row * tile.stride..][..tile.visible(row)];
            self.dropping.drop(first + row, tile.first_key, seen);
        }
    }
}

/// Scores become exponentials, relative to the largest score of the row so far.
pub struct Exponentials<'a> {
    pub tile: &'a Tile<'a>,
    pub scores: &'a mut [f32],
    /// For each row the largest scaled score so far, and the sum of exponentials relative to it.
    pub largest: &'a mut [f32],
    pub sums: &'a mut [f32],
    /// For each row what its earlier results have to be multiplied by.
    pub factors: &'a mut [f32],
}

impl Loops for Exponentials<'_> {
    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let tile = self.tile;
        for row in 0..tile.rows {
            let scores = &mut self.scores[row * tile.stride..][..tile.keys];
            let (seen, hidden) = scores.split_at_mut(tile.visible(row));
            hidden.fill(0.0);
            let scale = tile.prepare(row, seen);
            let before = self.largest[row];
            let now = before.max(largest(seen) * scale);
            let base = finite(now);
            let sum = exponentials::<FMA>(seen, scale, base);
            let factor = exp::<FMA>(before - base);
            self.largest[row] = now;
            self.factors[row] = factor;
            self.sums[row] = self.sums[row] * factor + sum;
        }
    }
}

/// Scores become the softmax's weights, whose logarithms' base is known: `weights = exp(scale · score + mask − base)`.
///
/// Gradients of the weights become those of the scores before scaling: `scale · weight · (gradient − shift)`.
pub struct Weights<'a> {
    pub tile: &'a Tile<'a>,
    pub scores: &'a mut [f32],
    pub gradients: &'a mut [f32],
    pub bases: &'a [f32],
    pub shifts: &'a [f32],
}

impl Loops for Weights<'_> {
    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let tile = self.tile;
        let factor = tile.problem.scale;
        for row in 0..tile.rows {
            let visible = tile.visible(row);
            let scores = &mut self.scores[row * tile.stride..][..tile.keys];
            let (seen, hidden) = scores.split_at_mut(visible);
            hidden.fill(0.0);
            let gradients = &mut self.gradients[row * tile.stride..][..tile.keys];
            let (gradients, hidden) = gradients.split_at_mut(visible);
            hidden.fill(0.0);
            let scale = tile.prepare(row, seen);
            let (base, shift) = (self.bases[row], self.shifts[row]);
            for (score, gradient) in seen.iter_mut().zip(gradients) {
                let weight = exp::<FMA>(*score * scale - base);
                *score = weight;
                *gradient = factor * weight * (*gradient - shift);
            }
        }
    }
}

/// A row that sees nothing is −∞ throughout: any base but −∞ makes its exponentials 0.
#[inline(always)]
fn finite(largest: f32) -> f32 {
    if largest == f32::NEG_INFINITY { 0.0 } else { largest }
}
