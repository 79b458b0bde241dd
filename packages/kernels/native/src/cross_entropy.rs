//! Softmax cross-entropy of whole-number labels: one pass over the logits for the losses, one for the gradient.

use std::ffi::CStr;

use crate::fused::math::exp;
use crate::parallel::{Parallel, Shared};
use crate::rows::{Loops, largest, sums, vectorized};
use crate::runtime::{Attributes, Call, Failure, Operator, failure};

/// Inputs: logits [N, C], labels (int32) [N]. Outputs: the losses [N], and log Σ exp of each row [N].
///
/// With smoothing ε a row's loss is `log Σ exp(x) − (1 − ε) · x[label] − ε / C · Σ x`; with label `ignored` it is 0.
pub struct CrossEntropy {
    settings: Settings,
}

/// Inputs: logits [N, C], labels [N], log Σ exp [N], the gradients at the losses [N]. Output: the gradients at the logits.
pub struct CrossEntropyGradient {
    settings: Settings,
}

#[derive(Clone, Copy)]
pub struct Settings {
    pub smoothing: f32,
    pub ignored: i32,
}

impl Settings {
    fn create(attributes: &Attributes) -> Result<Self, Failure> {
        let ignored = attributes.int("ignored")?;
        let ignored = i32::try_from(ignored).map_err(|_| failure(format!("ignored must be int32, got {ignored}")))?;
        Ok(Settings { smoothing: attributes.float("smoothing")?, ignored })
    }

    /// Every label is a class or ignored.
    pub fn check(&self, labels: &[i32], classes: usize) -> Result<(), Failure> {
        let wrong =
            |&label: &i32| label != self.ignored && usize::try_from(label).map_or(true, |label| label >= classes);
        match labels.iter().position(wrong) {
            None => Ok(()),
            Some(row) => Err(failure(format!(
                "labels must be {} or in [0, {classes}), got {} in row {row}",
                self.ignored, labels[row]
            ))),
        }
    }
}

impl Operator for CrossEntropy {
    const NAME: &'static CStr = c"CrossEntropy";

    fn create(attributes: &Attributes) -> Result<Self, Failure> {
        Ok(CrossEntropy { settings: Settings::create(attributes)? })
    }

    fn compute(&self, call: &Call) -> Result<(), Failure> {
        let (rows, classes) = extent(call)?;
        let (logits, labels) = (call.input(0)?.floats()?, call.input(1)?.elements::<i32>()?);
        self.settings.check(labels, classes)?;
        let losses = call.output::<f32>(0, &[rows])?;
        let logarithms = call.output::<f32>(1, &[rows])?;
        losses_of(logits, labels, self.settings, losses, logarithms, call);
        Ok(())
    }
}

impl Operator for CrossEntropyGradient {
    const NAME: &'static CStr = c"CrossEntropyGradient";

    fn create(attributes: &Attributes) -> Result<Self, Failure> {
        Ok(CrossEntropyGradient { settings: Settings::create(attributes)? })
    }

    fn compute(&self, call: &Call) -> Result<(), Failure> {
        let (rows, classes) = extent(call)?;
        let (logits, labels) = (call.input(0)?.floats()?, call.input(1)?.elements::<i32>()?);
        let (logarithms, slopes) = (call.input(2)?.floats()?, call.input(3)?.floats()?);
        if logarithms.len() != rows || slopes.len() != rows {
            return Err(failure("logarithms and gradients must have one element a row"));
        }
        self.settings.check(labels, classes)?;
        let result = call.output::<f32>(0, &[rows, classes])?;
        gradient_of(logits, labels, self.settings, (logarithms, slopes), result, call);
        Ok(())
    }
}

fn extent(call: &Call) -> Result<(usize, usize), Failure> {
    match (&call.input(0)?.shape[..], &call.input(1)?.shape[..]) {
        (&[rows, classes], &[labels]) if rows == labels => Ok((rows, classes)),
        (logits, labels) => {
            Err(failure(format!("logits must be [N, C] and labels [N], got {logits:?} and {labels:?}")))
        }
    }
}

/// Elements a task takes.
const TOGETHER: usize = 1 << 15;

/// Rows that a task takes.
fn together(classes: usize) -> usize {
    (TOGETHER / classes.max(1)).max(1)
}

pub fn losses_of(
    logits: &[f32],
    labels: &[i32],
    settings: Settings,
    losses: &mut [f32],
    logarithms: &mut [f32],
    parallel: &dyn Parallel,
) {
    let rows = labels.len();
    let classes = logits.len() / rows.max(1);
    let each = together(classes);
    let (losses, logarithms) = (Shared::new(losses), Shared::new(logarithms));
    parallel.run(rows.div_ceil(each), &|task| {
        let first = task * each;
        let count = each.min(rows - first);
        // SAFETY: rows are one task's.
        let (losses, logarithms) = unsafe { (losses.part(first, count), logarithms.part(first, count)) };
        let logits = &logits[first * classes..(first + count) * classes];
        vectorized(Losses { logits, labels: &labels[first..], settings, losses, logarithms });
    });
}

struct Losses<'a> {
    logits: &'a [f32],
    labels: &'a [i32],
    settings: Settings,
    losses: &'a mut [f32],
    logarithms: &'a mut [f32],
}

impl Loops for Losses<'_> {
    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let Settings { smoothing, ignored } = self.settings;
        let classes = self.logits.len() / self.losses.len();
        for (row, loss) in self.losses.iter_mut().enumerate() {
            let logits = &self.logits[row * classes..(row + 1) * classes];
            let base = largest(logits);
            let base = if base.is_finite() { base } else { 0.0 };
            let (exponentials, plain) = sums::<FMA>(logits, base);
            let logarithm = exponentials.ln();
            self.logarithms[row] = base + logarithm;
            let label = self.labels[row];
            *loss = if label == ignored {
                0.0
            } else {
                let even = if smoothing == 0.0 { 0.0 } else { smoothing * (plain / classes as f32 - base) };
                logarithm - (1.0 - smoothing) * (logits[label as usize] - base) - even
            };
        }
    }
}

pub fn gradient_of(
    logits: &[f32],
    labels: &[i32],
    settings: Settings,
    (logarithms, slopes): (&[f32], &[f32]),
    result: &mut [f32],
    parallel: &dyn Parallel,
) {
    let rows = labels.len();
    let classes = logits.len() / rows.max(1);
    let each = together(classes);
    let result = Shared::new(result);
    parallel.run(rows.div_ceil(each), &|task| {
        let first = task * each;
        let count = each.min(rows - first);
        // SAFETY: rows are one task's.
        let result = unsafe { result.part(first * classes, count * classes) };
        let logits = &logits[first * classes..];
        let (labels, logarithms, slopes) = (&labels[first..first + count], &logarithms[first..], &slopes[first..]);
        vectorized(Slopes { logits, labels, settings, logarithms, slopes, result });
    });
}

struct Slopes<'a> {
    logits: &'a [f32],
    labels: &'a [i32],
    settings: Settings,
    logarithms: &'a [f32],
    slopes: &'a [f32],
    result: &'a mut [f32],
}

impl Loops for Slopes<'_> {
    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let Settings { smoothing, ignored } = self.settings;
        let classes = self.result.len() / self.labels.len();
        let even = smoothing / classes as f32;
        for (row, &label) in self.labels.iter().enumerate() {
            let result = &mut self.result[row * classes..(row + 1) * classes];
            let logits = &self.logits[row * classes..(row + 1) * classes];
            if label == ignored {
                result.fill(0.0);
                continue;
            }
            let (logarithm, slope) = (self.logarithms[row], self.slopes[row]);
            for (result, logit) in result.iter_mut().zip(logits) {
                *result = slope * (exp::<FMA>(logit - logarithm) - even);
            }
            result[label as usize] -= slope * (1.0 - smoothing);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parallel::{Sequential, Threads};

    fn numbers(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|i| ((i * 7919 + seed * 104_729) % 2003) as f32 / 100.0 - 10.0).collect()
    }

    fn run(
        logits: &[f32],
        labels: &[i32],
        slopes: &[f32],
        settings: Settings,
        parallel: &dyn Parallel,
    ) -> [Vec<f32>; 3] {
        let mut losses = vec![f32::NAN; labels.len()];
        let mut logarithms = vec![f32::NAN; labels.len()];
        let mut result = vec![f32::NAN; logits.len()];
        losses_of(logits, labels, settings, &mut losses, &mut logarithms, parallel);
        gradient_of(logits, labels, settings, (&logarithms, slopes), &mut result, parallel);
        [losses, logarithms, result]
    }

    #[test]
    fn losses_and_gradients_are_the_definitions_and_the_same_on_any_number_of_threads() {
        for (rows, classes) in [(0, 3), (1, 1), (3, 2), (5, 31), (4, 33), (7, 1000), (200, 257)] {
            for smoothing in [0.0, 0.1, 1.0] {
                let settings = Settings { smoothing, ignored: -100 };
                let logits = numbers(rows * classes, 1);
                let slopes = numbers(rows, 2);
                let labels: Vec<i32> =
                    (0..rows).map(|row| if row % 4 == 3 { -100 } else { ((row * 37) % classes) as i32 }).collect();
                let got = run(&logits, &labels, &slopes, settings, &Sequential);
                for row in 0..rows {
                    let logits: Vec<f64> = logits[row * classes..][..classes].iter().map(|&x| x.into()).collect();
                    let total: f64 = logits.iter().map(|x| x.exp()).sum();
                    let smoothing = f64::from(smoothing);
                    let target = |class: usize| {
                        let hit = f64::from(u8::from(labels[row] == class as i32));
                        (1.0 - smoothing) * hit + smoothing / classes as f64
                    };
                    let kept = f64::from(u8::from(labels[row] != -100));
                    let loss: f64 = (0..classes).map(|c| target(c) * (total.ln() - logits[c])).sum();
                    let close = |got: f32, want: f64| (f64::from(got) - want).abs() <= 1e-5 * (1.0 + want.abs());
                    assert!(close(got[0][row], kept * loss), "{} for {loss}", got[0][row]);
                    assert!(close(got[1][row], total.ln()));
                    for (class, logit) in logits.iter().enumerate() {
                        let want = kept * f64::from(slopes[row]) * (logit.exp() / total - target(class));
                        assert!(close(got[2][row * classes + class], want));
                    }
                }
                for threads in [2, 3] {
                    let bits = |all: &[Vec<f32>; 3]| all.concat().iter().map(|x| x.to_bits()).collect::<Vec<_>>();
                    let several = run(&logits, &labels, &slopes, settings, &Threads(threads));
                    assert_eq!(bits(&several), bits(&got), "{threads} threads");
                }
            }
        }
    }

    #[test]
    fn huge_logits_do_not_overflow() {
        let [losses, ..] =
            run(&[1e4, -1e4, 0.0], &[1], &[1.0], Settings { smoothing: 0.0, ignored: -100 }, &Sequential);
        assert_eq!(losses, [2e4]);
    }

    #[test]
    fn labels_that_are_no_class_are_refused() {
        let settings = Settings { smoothing: 0.0, ignored: -100 };
        assert!(settings.check(&[0, 2, -100], 3).is_ok());
        assert!(settings.check(&[3], 3).is_err());
        assert!(settings.check(&[-1], 3).is_err());
    }
}
