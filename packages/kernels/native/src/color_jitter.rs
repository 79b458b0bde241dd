//! Brightness, contrast, saturation and hue of a batch of images, each in its own order: a few small matrices an image, applied while
//! the image is in the first-level cache.

use std::ffi::CStr;

use crate::fused::math::fma;
use crate::parallel::{Parallel, Shared};
use crate::rows::{Loops, mean, vectorized};
use crate::runtime::{Attributes, Call, Failure, Operator, failure};

/// Inputs: planes [N, C, pixels], then A and B, both [slots, N, C, C]. Output: the planes after x ← clip(A·x + B·mean(x), 0, 1) for each slot.
pub struct ColorJitter;

/// Channels at most.
const CHANNELS: usize = 4;

impl Operator for ColorJitter {
    const NAME: &'static CStr = c"ColorJitter";

    fn create(_: &Attributes) -> Result<Self, Failure> {
        Ok(ColorJitter)
    }

    fn compute(&self, call: &Call) -> Result<(), Failure> {
        let (planes, pixel, mean) = (call.input(0)?, call.input(1)?, call.input(2)?);
        let &[images, channels, pixels] = &planes.shape[..] else {
            return Err(failure(format!("planes must be [N, C, pixels], got {:?}", planes.shape)));
        };
        let &[slots, ..] = &pixel.shape[..] else { return Err(failure("there must be an axis of slots")) };
        if [pixel, mean].iter().any(|matrices| matrices.shape != [slots, images, channels, channels]) {
            return Err(failure(format!(
                "matrices must be [slots, {images}, {channels}, {channels}], got {:?} and {:?}",
                pixel.shape, mean.shape
            )));
        }
        if channels > CHANNELS {
            return Err(failure(format!("there must be at most {CHANNELS} channels, got {channels}")));
        }
        let result = call.output::<f32>(0, &planes.shape)?;
        let batch = Batch { images, channels, pixels, slots, of_pixel: pixel.floats()?, of_mean: mean.floats()? };
        batch.compute(planes.floats()?, result, call);
        Ok(())
    }
}

pub struct Batch<'a> {
    pub images: usize,
    pub channels: usize,
    pub pixels: usize,
    pub slots: usize,
    pub of_pixel: &'a [f32],
    pub of_mean: &'a [f32],
}

impl Batch<'_> {
    pub fn compute(&self, planes: &[f32], result: &mut [f32], parallel: &dyn Parallel) {
        let size = self.channels * self.pixels;
        if size == 0 {
            return;
        }
        let result = Shared::new(result);
        parallel.run(self.images, &|image| {
            // SAFETY: each image is one task's.
            let planes_of = unsafe { result.part(image * size, size) };
            planes_of.copy_from_slice(&planes[image * size..(image + 1) * size]);
            vectorized(Image { batch: self, image, planes: planes_of });
        });
    }
}

struct Image<'a> {
    batch: &'a Batch<'a>,
    image: usize,
    planes: &'a mut [f32],
}

impl Loops for Image<'_> {
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
        let Batch { images, channels, pixels, slots, of_pixel, of_mean } = *self.batch;
        let area = channels * channels;
        for slot in 0..slots {
            let start = (slot * images + self.image) * area;
            let (a, b) = (&of_pixel[start..start + area], &of_mean[start..start + area]);
            let mut means = [0.0; CHANNELS];
            for (mean_of, plane) in means.iter_mut().zip(self.planes.chunks_exact(pixels)) {
                *mean_of = mean(plane);
            }
            let shifts: [f32; CHANNELS] = std::array::from_fn(|c| {
                b.iter().skip(c * channels).take(channels).zip(means).map(|(b, m)| b * m).sum()
            });
            match channels {
                1 => apply::<1, FUSED>(self.planes, a, &shifts, pixels),
                2 => apply::<2, FUSED>(self.planes, a, &shifts, pixels),
                3 => apply::<3, FUSED>(self.planes, a, &shifts, pixels),
                _ => apply::<CHANNELS, FUSED>(self.planes, a, &shifts, pixels),
            }
        }
    }
}

const TOGETHER: usize = 16;

/// x ← clip(A·x + shift, 0, 1) of each pixel.
#[inline(always)]
fn apply<const C: usize, const FUSED: bool>(planes: &mut [f32], a: &[f32], shifts: &[f32; CHANNELS], pixels: usize) {
    let matrix: [[f32; C]; C] = std::array::from_fn(|row| std::array::from_fn(|column| a[row * C + column]));
    let whole = pixels - pixels % TOGETHER;
    for first in (0..whole).step_by(TOGETHER) {
        let mut x = [[0.0_f32; TOGETHER]; C];
        for c in 0..C {
            x[c].copy_from_slice(&planes[c * pixels + first..][..TOGETHER]);
        }
        for c in 0..C {
            let y = mapped::<C, FUSED>(&matrix[c], &x, shifts[c]);
            planes[c * pixels + first..][..TOGETHER].copy_from_slice(&y);
        }
    }
    for pixel in whole..pixels {
        let x: [[f32; TOGETHER]; C] = std::array::from_fn(|c| [planes[c * pixels + pixel]; TOGETHER]);
        for c in 0..C {
            planes[c * pixels + pixel] = mapped::<C, FUSED>(&matrix[c], &x, shifts[c])[0];
        }
    }
}

#[inline(always)]
fn mapped<const C: usize, const FUSED: bool>(row: &[f32; C], x: &[[f32; TOGETHER]; C], shift: f32) -> [f32; TOGETHER] {
    std::array::from_fn(|i| {
        let mut y = shift;
        for c in 0..C {
            y = fma::<FUSED>(row[c], x[c][i], y);
        }
        let low = if y < 0.0 { 0.0 } else { y };
        if low > 1.0 { 1.0 } else { low }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parallel::{Sequential, Threads};

    #[test]
    fn each_slot_maps_pixels_and_mean_and_clips() {
        for (images, channels, pixels, slots) in
            [(1, 1, 1, 1), (3, 3, 50, 4), (2, 4, 33, 2), (2, 3, 0, 1), (1, 2, 5, 0), (5, 3, 1024, 4)]
        {
            let drawn = |count: usize, seed: usize| -> Vec<f32> {
                (0..count).map(|i| ((i * 7919 + seed * 104_729) % 2003) as f32 / 2003.0).collect()
            };
            let planes = drawn(images * channels * pixels, 1);
            let [of_pixel, of_mean] = [2, 3].map(|seed| drawn(slots * images * channels * channels, seed));
            let run = |parallel: &dyn Parallel| {
                let mut result = vec![f32::NAN; planes.len()];
                let batch = Batch { images, channels, pixels, slots, of_pixel: &of_pixel, of_mean: &of_mean };
                batch.compute(&planes, &mut result, parallel);
                result
            };
            let got = run(&Sequential);
            for image in 0..images {
                let size = channels * pixels;
                let mut x: Vec<f64> = planes[image * size..(image + 1) * size].iter().map(|&x| x.into()).collect();
                for slot in 0..slots {
                    let at = |matrix: &[f32], c: usize, d: usize| -> f64 {
                        matrix[((slot * images + image) * channels + c) * channels + d].into()
                    };
                    let means: Vec<f64> =
                        x.chunks(pixels.max(1)).map(|plane| plane.iter().sum::<f64>() / pixels as f64).collect();
                    x = (0..size)
                        .map(|i| {
                            let (c, p) = (i / pixels, i % pixels);
                            let sum = |d| at(&of_pixel, c, d) * x[d * pixels + p] + at(&of_mean, c, d) * means[d];
                            (0..channels).map(sum).sum::<f64>().clamp(0.0, 1.0)
                        })
                        .collect();
                }
                for (got, want) in got[image * size..].iter().zip(&x) {
                    assert!((f64::from(*got) - want).abs() < 1e-5, "{got} for {want}");
                }
            }
            for threads in [2, 3] {
                let bits = |values: &[f32]| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
                assert_eq!(bits(&run(&Threads(threads))), bits(&got));
            }
        }
    }
}
