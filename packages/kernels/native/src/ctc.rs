//! Connectionist temporal classification (Graves et al. 2006): the loss and its gradient in one pass, an utterance a task.

use std::ffi::CStr;

use crate::parallel::{Parallel, Shared};
use crate::runtime::{Attributes, Call, Failure, Operator, failure};

/// Inputs: logits [N, F, V], labels (int32) [N, L], their number of each utterance (int32) [N], its frames (int32) [N]. Outputs: −ln p of
/// each utterance [N], infinite where the labels do not fit the frames, and its gradient at the logits [N, F, V]. Label 0 is the blank.
pub struct CtcLoss;

impl Operator for CtcLoss {
    const NAME: &'static CStr = c"CtcLoss";

    fn create(_: &Attributes) -> Result<Self, Failure> {
        Ok(CtcLoss)
    }

    fn compute(&self, call: &Call) -> Result<(), Failure> {
        let (&[rows, frames, classes], &[labelled, width]) = (&call.input(0)?.shape[..], &call.input(1)?.shape[..])
        else {
            return Err(failure("logits must be [N, F, V] and labels [N, L]"));
        };
        let batch = Batch {
            logits: call.input(0)?.floats()?,
            labels: call.input(1)?.elements()?,
            lengths: call.input(2)?.elements()?,
            counts: call.input(3)?.elements()?,
            frames,
            classes,
            width,
        };
        if labelled != rows || batch.lengths.len() != rows || batch.counts.len() != rows {
            return Err(failure(format!("there must be labels, a length and frames for each of {rows} utterances")));
        }
        batch.check()?;
        let losses = call.output::<f32>(0, &[rows])?;
        let slopes = call.output::<f32>(1, &[rows, frames, classes])?;
        batch.compute(losses, slopes, call);
        Ok(())
    }
}

pub struct Batch<'a> {
    pub logits: &'a [f32],
    pub labels: &'a [i32],
    pub lengths: &'a [i32],
    pub counts: &'a [i32],
    /// F, V and L.
    pub frames: usize,
    pub classes: usize,
    pub width: usize,
}

impl Batch<'_> {
    /// Lengths and frames are within their axes, and labels are classes other than the blank.
    pub fn check(&self) -> Result<(), Failure> {
        for (row, (&length, &count)) in self.lengths.iter().zip(self.counts).enumerate() {
            let Some(length) = usize::try_from(length).ok().filter(|&length| length <= self.width) else {
                return Err(failure(format!("lengths must be in [0, {}], got {length} in row {row}", self.width)));
            };
            if usize::try_from(count).map_or(true, |count| count > self.frames) {
                return Err(failure(format!("frames must be in [0, {}], got {count} in row {row}", self.frames)));
            }
            let own = &self.labels[row * self.width..][..length];
            let strange =
                |&&label: &&i32| usize::try_from(label).map_or(true, |label| label == 0 || label >= self.classes);
            if let Some(label) = own.iter().find(strange) {
                return Err(failure(format!("labels must be in [1, {}), got {label} in row {row}", self.classes)));
            }
        }
        Ok(())
    }

    pub fn compute(&self, losses: &mut [f32], slopes: &mut [f32], parallel: &dyn Parallel) {
        let size = self.frames * self.classes;
        let (losses, slopes) = (Shared::new(losses), Shared::new(slopes));
        parallel.run(self.lengths.len(), &|row| {
            // SAFETY: an utterance is one task's.
            let (loss, slope) = unsafe { (losses.part(row, 1), slopes.part(row * size, size)) };
            let (own, padding) = slope.split_at_mut(self.counts[row] as usize * self.classes);
            padding.fill(0.0);
            let logits = &self.logits[row * size..][..own.len()];
            let labels = &self.labels[row * self.width..][..self.lengths[row] as usize];
            loss[0] = utterance(logits, labels, self.classes, own) as f32;
        });
    }
}

const NEVER: f64 = f64::NEG_INFINITY;

/// −ln p, and its gradient written to `slope`, which has the shape of the logits [T, V]. In logarithms of double precision, for
/// probabilities of long utterances are below any number.
fn utterance(logits: &[f32], labels: &[i32], classes: usize, slope: &mut [f32]) -> f64 {
    let states: Vec<usize> = // ␣ l₁ ␣ l₂ ␣
        (0..2 * labels.len() + 1).map(|s| if s % 2 == 0 { 0 } else { labels[s / 2] as usize }).collect();
    let skips = |s: usize| s >= 2 && states[s] != 0 && states[s] != states[s - 2]; // from s − 2
    let (count, width) = (logits.len() / classes, states.len());
    if count == 0 {
        return f64::INFINITY;
    }

    let totals: Vec<f64> = logits.chunks_exact(classes).map(|frame| log_sum(frame.iter().map(|&x| x.into()))).collect();
    let emission = |t: usize, s: usize| f64::from(logits[t * classes + states[s]]) - totals[t];
    let mut forward = vec![NEVER; count * width]; // αₜ(s), eq. 6 and 7
    for t in 0..count {
        let (before, now) = forward.split_at_mut(t * width);
        let before = before.rchunks_exact(width).next();
        for s in 0..width {
            let reached = match before {
                None => {
                    if s < 2 {
                        0.0
                    } else {
                        NEVER
                    }
                }
                Some(before) => sum_of_three(
                    before[s],
                    if s >= 1 { before[s - 1] } else { NEVER },
                    if skips(s) { before[s - 2] } else { NEVER },
                ),
            };
            now[s] = reached + emission(t, s);
        }
    }
    let last = &forward[(count - 1) * width..];
    let total = log_sum(last[width.saturating_sub(2)..].iter().copied()); // eq. 8

    let mut backward = vec![NEVER; width]; // βₜ(s) without the emission of frame t, eq. 10 and 11
    backward[width.saturating_sub(2)..].fill(0.0);
    for t in (0..count).rev() {
        if t + 1 < count {
            for s in 0..width {
                let next = |to: usize, may: bool| if may { backward[to] + emission(t + 1, to) } else { NEVER };
                backward[s] =
                    sum_of_three(next(s, true), next(s + 1, s + 1 < width), next(s + 2, s + 2 < width && skips(s + 2)));
            }
        }
        let (frame, slope) = (&logits[t * classes..][..classes], &mut slope[t * classes..][..classes]);
        for (slope, &logit) in slope.iter_mut().zip(frame) {
            *slope = (f64::from(logit) - totals[t]).exp() as f32;
        }
        for s in 0..width {
            slope[states[s]] -= (forward[t * width + s] + backward[s] - total).exp() as f32; // eq. 16
        }
    }
    -total
}

fn log_sum(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let most = values.clone().fold(NEVER, f64::max);
    if most == NEVER { NEVER } else { most + values.map(|x| (x - most).exp()).sum::<f64>().ln() }
}

fn sum_of_three(a: f64, b: f64, c: f64) -> f64 {
    let most = a.max(b).max(c);
    if most == NEVER {
        return NEVER;
    }
    let of = |x: f64| if x == most { 1.0 } else { (x - most).exp() };
    most + (of(a) + of(b) + of(c)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parallel::{Sequential, Threads};

    fn numbers(count: usize) -> Vec<f32> {
        (0..count).map(|i| ((i * 7919) % 2003) as f32 / 500.0 - 2.0).collect()
    }

    /// Σ of the probabilities of every path that says the labels.
    fn by_all_paths(logits: &[f32], labels: &[i32], classes: usize) -> f64 {
        let count = logits.len() / classes;
        let mut total = 0.0;
        for number in 0..classes.pow(count as u32) {
            let path: Vec<usize> = (0..count).map(|t| number / classes.pow(t as u32) % classes).collect();
            let mut said = Vec::new();
            for (t, &class) in path.iter().enumerate() {
                if class != 0 && (t == 0 || path[t - 1] != class) {
                    said.push(class as i32);
                }
            }
            if said == labels {
                let logarithm = |t: usize| {
                    let frame = &logits[t * classes..][..classes];
                    f64::from(frame[path[t]]) - log_sum(frame.iter().map(|&x| x.into()))
                };
                total += (0..count).map(logarithm).sum::<f64>().exp();
            }
        }
        -total.ln()
    }

    #[test]
    fn the_loss_is_that_of_all_paths_and_the_gradient_its_difference_quotient() {
        let classes = 3;
        for labels in [&[][..], &[1], &[1, 2], &[2, 2], &[1, 1, 2], &[1, 1, 1]] {
            let mut logits = numbers(5 * classes);
            let mut slope = vec![f32::NAN; logits.len()];
            let loss = utterance(&logits, labels, classes, &mut slope);
            assert!((loss - by_all_paths(&logits, labels, classes)).abs() < 1e-9, "{labels:?}: {loss}");
            for i in 0..logits.len() {
                let given = logits[i];
                let mut unused = slope.clone();
                logits[i] = given + 0.01;
                let above = utterance(&logits, labels, classes, &mut unused);
                logits[i] = given - 0.01;
                let below = utterance(&logits, labels, classes, &mut unused);
                logits[i] = given;
                let quotient = (above - below) / 0.02;
                assert!(
                    (quotient - f64::from(slope[i])).abs() < 1e-4,
                    "{labels:?} at {i}: {quotient} and {}",
                    slope[i]
                );
            }
        }
    }

    #[test]
    fn a_batch_is_its_utterances_on_any_number_of_threads_and_what_lies_behind_them_does_not_count() {
        let (frames, classes, width) = (6, 4, 3);
        let logits = numbers(3 * frames * classes);
        let labels = [1, 2, 9, 3, 3, 3, -7, 0, 0];
        let batch =
            Batch { logits: &logits, labels: &labels, lengths: &[2, 3, 0], counts: &[6, 4, 0], frames, classes, width };
        batch.check().expect("it is sound");
        let run = |parallel: &dyn Parallel| {
            let (mut losses, mut slopes) = (vec![f32::NAN; 3], vec![f32::NAN; logits.len()]);
            batch.compute(&mut losses, &mut slopes, parallel);
            (losses, slopes)
        };
        let (losses, slopes) = run(&Sequential);
        assert_eq!(losses[1..], [f32::INFINITY; 2], "three equal labels take five frames, no label takes one");
        let mut alone = vec![0.0; frames * classes];
        assert_eq!(losses[0], utterance(&logits[..frames * classes], &[1, 2], classes, &mut alone) as f32);
        assert_eq!(slopes[..frames * classes], alone);
        assert!(slopes[2 * frames * classes..].iter().all(|&slope| slope == 0.0));
        for threads in [2, 3] {
            let (others, of_others) = run(&Threads(threads));
            assert_eq!(others, losses);
            assert!(of_others.iter().zip(&slopes).all(|(a, b)| a.to_bits() == b.to_bits()));
        }
    }

    #[test]
    fn labels_lengths_and_frames_out_of_range_are_refused() {
        let refused = |labels: &[i32], length: i32, count: i32| {
            let batch = Batch {
                logits: &[0.0; 6],
                labels,
                lengths: &[length],
                counts: &[count],
                frames: 2,
                classes: 3,
                width: 1,
            };
            batch.check().expect_err("it is not sound").to_string()
        };
        assert!(refused(&[3], 1, 2).contains("labels must be in [1, 3), got 3 in row 0"));
        assert!(refused(&[0], 1, 2).contains("got 0 in row 0"));
        assert!(refused(&[1], 2, 2).contains("lengths must be in [0, 1], got 2 in row 0"));
        assert!(refused(&[1], 1, 3).contains("frames must be in [0, 2], got 3 in row 0"));
    }
}
