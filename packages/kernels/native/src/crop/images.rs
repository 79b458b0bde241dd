//! Boxes cut out of a batch of images, each box a task.

use super::samples::{Samples, Sampling};
use crate::fused::math::fma;
use crate::parallel::{Parallel, Shared};
use crate::pixel::Pixel;
use crate::rows::{Loops, vectorized};
use crate::scratch::Scratch;

/// The sizes must have been checked, and that the numbers are images'.
pub struct Batch<'a, P> {
    /// [N, H, W, C]
    pub pixels: &'a [P],
    /// H, W, C
    pub image: [usize; 3],
    /// [B, 4]
    pub boxes: &'a [f32],
    pub numbers: &'a [i32],
    pub sampling: Sampling,
    /// Rows and columns of a crop.
    pub size: [usize; 2],
    /// Crops have their channels first.
    pub planes: bool,
    pub scale: f32,
    pub outside: f32,
}

impl<P: Pixel> Batch<'_, P> {
    pub fn crop(&self, result: &mut [f32], parallel: &dyn Parallel) {
        let size = self.size[0] * self.size[1] * self.image[2];
        if size == 0 {
            return;
        }
        let result = Shared::new(result);
        parallel.run(self.numbers.len(), &|index| {
            // SAFETY: each crop is one task's.
            let crop = unsafe { result.part(index * size, size) };
            self.crop_one(index, crop);
        });
    }

    fn crop_one(&self, index: usize, crop: &mut [f32]) {
        let [height, width, channels] = self.image;
        if height * width == 0 {
            crop.fill(self.outside);
            return;
        }
        let area = height * width * channels;
        let pixels = &self.pixels[self.numbers[index] as usize * area..][..area];
        let &[top, left, bottom, right] = &self.boxes[4 * index..][..4] else {
            unreachable!("boxes have four numbers")
        };
        let rows = Samples::new(self.sampling, (top, bottom), height, self.size[0]);
        let columns = Samples::new(self.sampling, (left, right), width, self.size[1]);
        vectorized(Crop { batch: self, pixels, rows, columns, crop });
    }
}

struct Crop<'a, P> {
    batch: &'a Batch<'a, P>,
    /// Of the box's image.
    pixels: &'a [P],
    rows: Samples,
    columns: Samples,
    crop: &'a mut [f32],
}

impl<P: Pixel> Loops for Crop<'_, P> {
    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let Crop { batch, pixels, rows, columns, crop } = self;
        let Batch { image: [_, width, channels], size, planes, scale, outside, .. } = *batch;
        let reach = columns.reach();
        if reach.is_empty() {
            crop.fill(outside);
            return;
        }
        let (start, length) = (reach.start * channels, reach.len() * channels);
        let mut line = Scratch::new(length);
        let places: Vec<u32> =
            columns.first.iter().map(|first| (first.saturating_sub(reach.start) * channels) as u32).collect();
        let line_of = |row: usize, line: &mut [f32]| {
            line.fill(0.0);
            for tap in 0..rows.taps {
                let weight = scale * rows.weights[tap * size[0] + row];
                let pixels = &pixels[(rows.first[row] + tap) * width * channels + start..][..length];
                for (sum, pixel) in line.iter_mut().zip(pixels) {
                    *sum = fma::<FMA>(pixel.float(), weight, *sum);
                }
            }
        };
        let is_inside = columns.inside.iter().all(|&inside| inside);
        let along = Along { places: &places, weights: &columns.weights, step: channels };
        // Of a crop: floats from one channel, column and row to the next.
        let [plane, next, below] =
            if planes { [size[0] * size[1], 1, size[1]] } else { [1, channels, size[1] * channels] };
        let mut values = Scratch::new(size[1]);
        for row in 0..size[0] {
            line_of(row, &mut line);
            for channel in 0..channels {
                let target = &mut crop[channel * plane + row * below..];
                let samples = if next == 1 { &mut target[..size[1]] } else { &mut values };
                if !rows.inside[row] {
                    samples.fill(outside);
                } else {
                    let line = &line[channel..];
                    match columns.taps {
                        1 => along.sum::<1, FMA>(line, samples),
                        2 => along.sum::<2, FMA>(line, samples),
                        taps => along.sum_of::<FMA>(taps, line, samples),
                    }
                    if !is_inside {
                        let kept = samples.iter_mut().zip(&columns.inside);
                        kept.filter(|(_, inside)| !**inside).for_each(|(sample, _)| *sample = outside);
                    }
                }
                if next != 1 {
                    target.iter_mut().step_by(next).zip(values.iter()).for_each(|(to, from)| *to = *from);
                }
            }
        }
    }
}

/// A row's samples: sums of pixels along it.
struct Along<'a> {
    places: &'a [u32],
    /// [taps, samples]
    weights: &'a [f32],
    /// Floats from one pixel to the next.
    step: usize,
}

impl Along<'_> {
    #[inline(always)]
    fn sum<const TAPS: usize, const FMA: bool>(&self, line: &[f32], samples: &mut [f32]) {
        let count = samples.len();
        let weights: [&[f32]; TAPS] = std::array::from_fn(|tap| &self.weights[tap * count..][..count]);
        let places = &self.places[..count];
        for i in 0..count {
            let pixels = &line[places[i] as usize..];
            let mut sum = 0.0;
            for tap in 0..TAPS {
                sum = fma::<FMA>(weights[tap][i], pixels[tap * self.step], sum);
            }
            samples[i] = sum;
        }
    }

    #[inline(always)]
    fn sum_of<const FMA: bool>(&self, taps: usize, line: &[f32], samples: &mut [f32]) {
        let count = samples.len();
        for (i, sample) in samples.iter_mut().enumerate() {
            let pixels = line[self.places[i] as usize..].iter().step_by(self.step);
            let weights = self.weights[i..].iter().step_by(count).take(taps);
            *sample = weights.zip(pixels).fold(0.0, |sum, (weight, pixel)| fma::<FMA>(*weight, *pixel, sum));
        }
    }
}
