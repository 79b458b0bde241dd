//! A batch of images, each a task. A pass over an image goes in blocks through all slots until one needs the mean of what came before.

use std::ops::Range;

use super::CHANNELS;
use crate::fused::math::fma;
use crate::parallel::{Parallel, Shared};
use crate::pixel::Pixel;
use crate::rows::{Loops, sum, vectorized};

/// Where the channels of a pixel lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Layout {
    /// A plane a channel.
    Planes,
    /// Side by side.
    Pixels,
}

impl Layout {
    pub fn channel_axis(self, rank: usize) -> usize {
        if self == Layout::Planes { 1 } else { rank - 1 }
    }
}

/// What happens to a batch.
pub struct Batch<'a> {
    pub images: usize,
    pub channels: usize,
    pub pixels: usize,
    pub slots: usize,
    /// [slots, N, C, C]
    pub of_pixel: &'a [f32],
    /// [slots, N, C, C]
    pub of_mean: &'a [f32],
    /// [N, C, C + 1]
    pub last: Option<&'a [f32]>,
    pub from: Layout,
    pub to: Layout,
    pub scale: f32,
}

impl Batch<'_> {
    /// The sizes must have been checked.
    pub fn compute<P: Pixel>(&self, source: &[P], result: &mut [f32], parallel: &dyn Parallel) {
        let size = self.channels * self.pixels;
        if size == 0 {
            return;
        }
        let result = Shared::new(result);
        parallel.run(self.images, &|image| {
            // SAFETY: each image is one task's.
            let result = unsafe { result.part(image * size, size) };
            vectorized(Image { batch: self, image, source: &source[image * size..][..size], result });
        });
    }
}

struct Image<'a, P> {
    batch: &'a Batch<'a>,
    image: usize,
    source: &'a [P],
    result: &'a mut [f32],
}

impl<P: Pixel> Loops for Image<'_, P> {
    #[inline(always)]
    fn run<const FMA: bool>(self) {
        match self.batch.channels {
            1 => self.jitter::<1, FMA>(),
            2 => self.jitter::<2, FMA>(),
            3 => self.jitter::<3, FMA>(),
            _ => self.jitter::<CHANNELS, FMA>(),
        }
    }
}

impl<P: Pixel> Image<'_, P> {
    #[inline(always)]
    fn jitter<const C: usize, const FMA: bool>(mut self) {
        let slots = self.batch.slots;
        let mut means = [0.0; C];
        if slots > 0 && self.weighs_mean(0) {
            means = self.means_of_source();
        }
        let mut first = 0;
        loop {
            let last = (first + 1..slots).find(|&slot| self.weighs_mean(slot)).unwrap_or(slots);
            means = self.pass::<C, FMA>(first..last, means);
            if last == slots {
                return;
            }
            first = last;
        }
    }

    #[inline(always)]
    fn weighs_mean(&self, slot: usize) -> bool {
        self.matrix_of(self.batch.of_mean, slot).iter().any(|&weight| weight != 0.0)
    }

    #[inline(always)]
    fn matrix_of<'b>(&self, matrices: &'b [f32], slot: usize) -> &'b [f32] {
        let area = self.batch.channels * self.batch.channels;
        &matrices[(slot * self.batch.images + self.image) * area..][..area]
    }

    #[inline(always)]
    fn means_of_source<const C: usize>(&self) -> [f32; C] {
        let Batch { from, pixels, scale, .. } = *self.batch;
        let mut block: Block<C> = [[0.0; TOGETHER]; C];
        let mut means = Means::default();
        for range in blocks(pixels) {
            load(&mut block, self.source, from, range.clone(), scale);
            means.add(&block, range.len());
        }
        means.of(pixels)
    }

    /// Takes all pixels through some slots, of which the first alone may weigh the means. The result's means where another slot follows.
    #[inline(always)]
    fn pass<const C: usize, const FMA: bool>(&mut self, slots: Range<usize>, means: [f32; C]) -> [f32; C] {
        let Batch { from, to, pixels, scale, .. } = *self.batch;
        let is_last = slots.end == self.batch.slots;
        let mut sums = Means::default();
        let mut block: Block<C> = [[0.0; TOGETHER]; C];
        for range in blocks(pixels) {
            if slots.start == 0 {
                load(&mut block, self.source, from, range.clone(), scale);
            } else {
                load(&mut block, self.result, to, range.clone(), 1.0);
            }
            for slot in slots.clone() {
                let b = self.matrix_of(self.batch.of_mean, slot);
                let shift = |c: usize| b[c * C..][..C].iter().zip(means).map(|(b, mean)| b * mean).sum();
                let shifts = if slot == slots.start { std::array::from_fn(shift) } else { [0.0; C] };
                let matrix = matrix(self.matrix_of(self.batch.of_pixel, slot), C);
                apply::<C, true, FMA>(&mut block, &matrix, &shifts);
            }
            if !is_last {
                sums.add(&block, range.len());
            } else if let Some(last) = self.batch.last {
                let affine = &last[self.image * C * (C + 1)..][..C * (C + 1)];
                let shifts = std::array::from_fn(|c| affine[c * (C + 1) + C]);
                apply::<C, false, FMA>(&mut block, &matrix(affine, C + 1), &shifts);
            }
            store(&block, self.result, to, range);
        }
        sums.of(pixels)
    }
}

/// Pixels of a block.
const TOGETHER: usize = 128;

/// Some pixels' channels.
type Block<const C: usize> = [[f32; TOGETHER]; C];

fn blocks(pixels: usize) -> impl Iterator<Item = Range<usize>> {
    (0..pixels).step_by(TOGETHER).map(move |first| first..pixels.min(first + TOGETHER))
}

#[inline(always)]
fn load<P: Pixel, const C: usize>(block: &mut Block<C>, source: &[P], layout: Layout, range: Range<usize>, scale: f32) {
    let count = range.len();
    if layout == Layout::Planes {
        let pixels = source.len() / C;
        for c in 0..C {
            let plane = &source[c * pixels..][range.clone()];
            block[c][..count].iter_mut().zip(plane).for_each(|(to, from)| *to = from.float() * scale);
        }
    } else {
        let (pixels, _) = source[range.start * C..range.end * C].as_chunks::<C>();
        for i in 0..count {
            for c in 0..C {
                block[c][i] = pixels[i][c].float() * scale;
            }
        }
    }
}

#[inline(always)]
fn store<const C: usize>(block: &Block<C>, result: &mut [f32], layout: Layout, range: Range<usize>) {
    let count = range.len();
    if layout == Layout::Planes {
        let pixels = result.len() / C;
        for c in 0..C {
            result[c * pixels..][range.clone()].copy_from_slice(&block[c][..count]);
        }
    } else {
        let (pixels, _) = result[range.start * C..range.end * C].as_chunks_mut::<C>();
        for i in 0..count {
            for c in 0..C {
                pixels[i][c] = block[c][i];
            }
        }
    }
}

/// Sums of blocks, exact enough for the largest image.
struct Means<const C: usize>([f64; C]);

impl<const C: usize> Default for Means<C> {
    fn default() -> Self {
        Means([0.0; C])
    }
}

impl<const C: usize> Means<C> {
    #[inline(always)]
    fn add(&mut self, block: &Block<C>, count: usize) {
        for c in 0..C {
            self.0[c] += f64::from(sum(&block[c][..count]));
        }
    }

    #[inline(always)]
    fn of(&self, pixels: usize) -> [f32; C] {
        self.0.map(|sum| (sum / pixels as f64) as f32)
    }
}

/// Pixels in registers.
const LANES: usize = 16;

/// Rows of so many floats, of which the first C count.
#[inline(always)]
fn matrix<const C: usize>(floats: &[f32], row: usize) -> [[f32; C]; C] {
    std::array::from_fn(|r| std::array::from_fn(|column| floats[r * row + column]))
}

/// x ← A·x + shift of each pixel, within 0 … 1 where it is clipped.
#[inline(always)]
fn apply<const C: usize, const CLIPPED: bool, const FMA: bool>(
    block: &mut Block<C>,
    matrix: &[[f32; C]; C],
    shifts: &[f32; C],
) {
    for first in (0..TOGETHER).step_by(LANES) {
        let mut x = [[0.0_f32; LANES]; C];
        for c in 0..C {
            x[c].copy_from_slice(&block[c][first..][..LANES]);
        }
        for c in 0..C {
            let mut y = [shifts[c]; LANES];
            for d in 0..C {
                for i in 0..LANES {
                    y[i] = fma::<FMA>(matrix[c][d], x[d][i], y[i]);
                }
            }
            if CLIPPED {
                for i in 0..LANES {
                    y[i] = clipped(y[i]);
                }
            }
            block[c][first..][..LANES].copy_from_slice(&y);
        }
    }
}

#[inline(always)]
fn clipped(x: f32) -> f32 {
    let low = if x < 0.0 { 0.0 } else { x };
    if low > 1.0 { 1.0 } else { low }
}
