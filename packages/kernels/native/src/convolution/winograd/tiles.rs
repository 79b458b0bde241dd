//! Tiles of images, transformed for all channels.

use super::channels::ChannelTransform;
use pulp::Simd;

use super::transforms;
use super::{IN, OUT, PLACES};

/// Bᵀ d B of one tile: 36 rows of `channels` floats, `stride` apart.
pub struct InputTile {
    /// One a pixel of the tile.
    pub pixels: [*const f32; PLACES],
    pub channels: usize,
    pub target: *mut f32,
    pub stride: usize,
}

impl ChannelTransform for InputTile {
    fn count(&self) -> usize {
        self.channels
    }

    #[inline(always)]
    unsafe fn compute<S: Simd>(&self, s: S, channel: usize) {
        let mut half = [[s.splat_f32s(0.0); IN]; IN];
        // SAFETY: by the caller's promise.
        unsafe {
            for x in 0..IN {
                let column: [S::f32s; IN] =
                    std::array::from_fn(|y| self.pixels[y * IN + x].add(channel).cast::<S::f32s>().read_unaligned());
                let column = transforms::input(s, column);
                for y in 0..IN {
                    half[y][x] = column[y];
                }
            }
            for (y, row) in half.into_iter().enumerate() {
                for (x, value) in transforms::input(s, row).into_iter().enumerate() {
                    let place = self.target.add((y * IN + x) * self.stride + channel);
                    place.cast::<S::f32s>().write_unaligned(value);
                }
            }
        }
    }
}

/// Aᵀ m A of one tile: 36 rows of `channels` floats, `stride` apart, become 4 × 4 pixels, of which `size` are there.
pub struct OutputTile {
    pub source: *const f32,
    pub stride: usize,
    pub channels: usize,
    /// The first pixel; the next ones right of it and below.
    pub target: *mut f32,
    pub pixel: usize,
    pub row: usize,
    pub size: [usize; 2],
}

impl ChannelTransform for OutputTile {
    fn count(&self) -> usize {
        self.channels
    }

    #[inline(always)]
    unsafe fn compute<S: Simd>(&self, s: S, channel: usize) {
        let mut half = [[s.splat_f32s(0.0); IN]; OUT];
        // SAFETY: by the caller's promise.
        unsafe {
            for x in 0..IN {
                let column: [S::f32s; IN] = std::array::from_fn(|y| {
                    self.source.add((y * IN + x) * self.stride + channel).cast::<S::f32s>().read_unaligned()
                });
                let column = transforms::output(s, column);
                for y in 0..OUT {
                    half[y][x] = column[y];
                }
            }
            for (y, row) in half.into_iter().enumerate() {
                let row = transforms::output(s, row);
                for (x, value) in row.into_iter().enumerate() {
                    if y < self.size[0] && x < self.size[1] {
                        let place = self.target.add(y * self.row + x * self.pixel + channel);
                        place.cast::<S::f32s>().write_unaligned(value);
                    }
                }
            }
        }
    }
}

/// A dY Aᵀ of one tile: 36 rows of `channels` floats. Channel c of place p goes to `target + p · stride + (c / width) · panel + c % width`:
/// the packed right operand of a product.
pub struct GradientTile {
    /// One a pixel of the tile.
    pub pixels: [*const f32; OUT * OUT],
    pub channels: usize,
    pub target: *mut f32,
    pub stride: usize,
    pub panel: usize,
    pub width: usize,
}

impl ChannelTransform for GradientTile {
    fn count(&self) -> usize {
        self.channels
    }

    #[inline(always)]
    unsafe fn compute<S: Simd>(&self, s: S, channel: usize) {
        let mut half = [[s.splat_f32s(0.0); OUT]; IN];
        // SAFETY: by the caller's promise.
        unsafe {
            for x in 0..OUT {
                let column: [S::f32s; OUT] =
                    std::array::from_fn(|y| self.pixels[y * OUT + x].add(channel).cast::<S::f32s>().read_unaligned());
                let column = transforms::output_gradient(s, column);
                for y in 0..IN {
                    half[y][x] = column[y];
                }
            }
            let start = self.target.add(channel / self.width * self.panel + channel % self.width);
            for (y, row) in half.into_iter().enumerate() {
                for (x, value) in transforms::output_gradient(s, row).into_iter().enumerate() {
                    start.add((y * IN + x) * self.stride).cast::<S::f32s>().write_unaligned(value);
                }
            }
        }
    }
}
