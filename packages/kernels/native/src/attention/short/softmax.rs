//! Rows of scores and what becomes of them: whole vectors, of which the last counts only where a key is seen.

use super::super::softmax::Tile;
use super::ROWS;
use crate::fused::math::{exp, log};
use crate::rows::Loops;

const LANES: usize = 8;

/// Scores become exponentials relative to the largest score of the row; what is not seen becomes 0.
pub struct Exponentials<'a> {
    pub tile: &'a Tile<'a>,
    pub scores: &'a mut [f32],
    /// 1 / the sum of the exponentials, for each row.
    pub factors: &'a mut [f32; ROWS],
    /// Of the sums of the scores' exponentials.
    pub logarithms: &'a mut [f32],
}

impl Loops for Exponentials<'_> {
    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let tile = self.tile;
        let [mut bases, mut sums] = [[0.0; ROWS]; 2];
        for row in 0..tile.rows {
            let seen = tile.visible(row);
            let scores = &mut self.scores[row * tile.stride..][..tile.keys.next_multiple_of(LANES)];
            let scale = tile.prepare(row, &mut scores[..seen]);
            let (chunks, _) = scores.as_chunks_mut::<LANES>();
            let (whole, rest) = chunks.split_at_mut(seen / LANES);
            let mut most = [f32::NEG_INFINITY; LANES];
            for chunk in &*whole {
                for i in 0..LANES {
                    most[i] = if chunk[i] > most[i] { chunk[i] } else { most[i] };
                }
            }
            if let Some(chunk) = rest.first() {
                for i in 0..LANES {
                    let counts = i < seen % LANES && chunk[i] > most[i];
                    most[i] = if counts { chunk[i] } else { most[i] };
                }
            }
            let largest = halve(most, |a, b| if b > a { b } else { a }) * scale;
            let base = if largest == f32::NEG_INFINITY { 0.0 } else { largest }; // any base makes its exponentials 0
            let mut lanes = [0.0; LANES];
            for chunk in whole {
                for i in 0..LANES {
                    chunk[i] = exp::<FMA>(chunk[i] * scale - base);
                    lanes[i] += chunk[i];
                }
            }
            if let Some((chunk, hidden)) = rest.split_first_mut() {
                for i in 0..LANES {
                    let value = exp::<FMA>(chunk[i] * scale - base);
                    chunk[i] = if i < seen % LANES { value } else { 0.0 };
                    lanes[i] += chunk[i];
                }
                hidden.as_flattened_mut().fill(0.0);
            }
            (bases[row], sums[row]) = (largest, halve(lanes, |a, b| a + b));
        }
        for row in 0..ROWS {
            self.factors[row] = if sums[row] == 0.0 { 0.0 } else { 1.0 / sums[row] }; // a row that sees nothing stays 0
            sums[row] = bases[row] + log::<FMA>(sums[row]);
        }
        self.logarithms.copy_from_slice(&sums[..tile.rows]);
    }
}

/// Scores become the softmax's weights, whose logarithms' base is known: `weights = exp(scale · score + mask − base)`.
///
/// Gradients of the weights become those of the scores before scaling: `scale · weight · (gradient − shift)`.
pub struct Weights<'a> {
    pub tile: &'a Tile<'a>,
    pub scores: &'a mut [f32],
    pub gradients: &'a mut [f32],
    /// Columns that are read of them: what is not seen of these becomes 0.
    pub columns: usize,
    pub logarithms: &'a [f32],
    /// For each row, the result and its gradient: what the softmax takes off its gradients is their product.
    pub results: &'a dyn Fn(usize) -> [&'a [f32]; 2],
}

impl Loops for Weights<'_> {
    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let tile = self.tile;
        let factor = tile.problem.scale;
        let columns = self.columns.next_multiple_of(LANES);
        for row in 0..tile.rows {
            let seen = tile.visible(row);
            let [result, gradient] = (self.results)(row);
            let shift = dot(result, gradient);
            let logarithm = self.logarithms[row];
            let base = if logarithm == f32::NEG_INFINITY { f32::INFINITY } else { logarithm }; // no weights
            let scores = &mut self.scores[row * tile.stride..][..columns];
            let scale = tile.prepare(row, &mut scores[..seen]);
            let (scores, _) = scores.as_chunks_mut::<LANES>();
            let (gradients, _) = self.gradients[row * tile.stride..][..columns].as_chunks_mut::<LANES>();
            let (scores, hidden_scores) = scores.split_at_mut(seen / LANES);
            let (gradients, hidden_gradients) = gradients.split_at_mut(seen / LANES);
            for (scores, gradients) in scores.iter_mut().zip(gradients) {
                weigh::<FMA>(scores, scale, base);
                for i in 0..LANES {
                    gradients[i] = factor * scores[i] * (gradients[i] - shift);
                }
            }
            let (Some((scores, none)), Some((gradients, zero))) =
                (hidden_scores.split_first_mut(), hidden_gradients.split_first_mut())
            else {
                continue;
            };
            weigh::<FMA>(scores, scale, base);
            for i in 0..LANES {
                scores[i] = if i < seen % LANES { scores[i] } else { 0.0 };
            }
            for i in 0..LANES {
                let gradient = factor * scores[i] * (gradients[i] - shift);
                gradients[i] = if i < seen % LANES { gradient } else { 0.0 };
            }
            none.as_flattened_mut().fill(0.0);
            zero.as_flattened_mut().fill(0.0);
        }
    }
}

/// In a loop of its own: one that also writes other numbers does not become vector code.
#[inline(always)]
fn weigh<const FMA: bool>(scores: &mut [f32; LANES], scale: f32, base: f32) {
    for score in scores {
        *score = exp::<FMA>(*score * scale - base);
    }
}

#[inline(always)]
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0; LANES];
    let ((a, rest_a), (b, rest_b)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    for (a, b) in a.iter().zip(b) {
        for i in 0..LANES {
            lanes[i] += a[i] * b[i];
        }
    }
    for (lane, (a, b)) in lanes.iter_mut().zip(rest_a.iter().zip(rest_b)) {
        *lane += a * b;
    }
    halve(lanes, |a, b| a + b)
}

#[inline(always)]
fn halve(mut lanes: [f32; LANES], join: impl Fn(f32, f32) -> f32) -> f32 {
    let mut width = LANES;
    while width > 1 {
        width /= 2;
        for i in 0..width {
            lanes[i] = join(lanes[i], lanes[i + width]);
        }
    }
    lanes[0]
}
