//! The weight gradient over some tiles: dg = Gᵀ[(Bᵀ d B) ⊙ (A dY Aᵀ)]G.

use pulp::Simd;

use super::channels::{ChannelTransform, for_all_channels};
use super::tiles::{GradientTile, InputTile};
use super::{IN, OUT, PLACES, transforms};
use crate::convolution::geometry::Geometry;
use crate::convolution::places::{Images, Lattice, Pointers, Tap};
use crate::gemm::{Ahead, ColumnBlock, Columns, tile};
use crate::scratch::Scratch;

/// Tiles taken at a time: the inner index of the products.
pub const TILES: usize = 48;
/// Tiles whose pointers are computed at a time.
const GROUP: usize = 8;

/// How many tiles the convolution's output has.
pub fn tile_count(g: &Geometry) -> usize {
    g.batch * g.output.map(|length| length.div_ceil(OUT)).iter().product::<usize>()
}

/// A block of channels: rows of input channels, columns of output channels, from … to.
#[derive(Clone, Copy)]
pub struct Channels {
    pub rows: (usize, usize),
    pub columns: (usize, usize),
}

/// Writes the gradient of a block of channels over tiles from … to: 9 taps of [in channels, out channels] each.
///
/// # Safety
/// `x`, `dy` and `zeros` are the images and as many zeros as either has channels; `target` is the whole gradient, whose block
/// nobody else uses.
pub unsafe fn weight_gradient(
    g: &Geometry,
    [x, dy, zeros]: [*const f32; 3],
    channels: Channels,
    tiles: (usize, usize),
    target: *mut f32,
) {
    let width = tile().columns;
    let (rows, columns) = (channels.rows.1 - channels.rows.0, channels.columns.1 - channels.columns.0);
    let panels = columns.div_ceil(width);
    let wide = panels * width;
    let mut inputs = Scratch::new(PLACES * TILES * rows);
    let mut gradients = Scratch::new(PLACES * TILES * wide);
    gradients.fill(0.0); // columns that are not there stay zeros
    let mut sums = Scratch::new(PLACES * rows * wide);
    let count = g.output.map(|length| length.div_ceil(OUT));
    let lattice = |side: usize, before: [usize; 2]| {
        let offset =
            |place: usize| [(place / side) as isize - before[0] as isize, (place % side) as isize - before[1] as isize];
        let taps = (0..side * side).map(|place| Tap { offset: offset(place), weight: 0 }).collect();
        Lattice { count, step: [OUT, OUT], taps }
    };
    let (windows, places) = (lattice(IN, g.before), lattice(OUT, [0, 0]));
    // SAFETY: the block's first channels of the first pixels.
    let (x, dy) = unsafe { (x.add(channels.rows.0), dy.add(channels.columns.0)) };
    let x = Images { start: x, size: g.input, pixel: g.in_channels, zeros };
    let dy = Images { start: dy, size: g.output, pixel: g.out_channels, zeros };
    let (mut table, mut left) = (Vec::new(), Vec::with_capacity(TILES));
    let mut accumulate = false;
    for from in (tiles.0..tiles.1).step_by(TILES) {
        let to = tiles.1.min(from + TILES);
        let count = to - from;
        Pointers { lattice: &windows, images: x, pixels: (from, to), group: GROUP, table: &mut table }.write();
        for index in 0..count {
            let start = index / GROUP * GROUP * PLACES + index % GROUP;
            for_all_channels(InputTile {
                pixels: std::array::from_fn(|place| table[start + place * GROUP]),
                channels: rows,
                target: inputs[index * rows..].as_mut_ptr(),
                stride: TILES * rows,
            });
        }
        Pointers { lattice: &places, images: dy, pixels: (from, to), group: GROUP, table: &mut table }.write();
        for index in 0..count {
            let start = index / GROUP * GROUP * OUT * OUT + index % GROUP;
            for_all_channels(GradientTile {
                pixels: std::array::from_fn(|place| table[start + place * GROUP]),
                channels: columns,
                target: gradients[index * width..].as_mut_ptr(),
                stride: TILES * wide,
                panel: TILES * width,
                width,
            });
        }
        for place in 0..PLACES {
            left.clear();
            let transformed = &inputs[place * TILES * rows..];
            left.extend((0..count).map(|index| transformed[index * rows..].as_ptr()));
            for panel in 0..panels {
                let block = ColumnBlock {
                    left: Columns::Scattered(&left),
                    rows: (0, rows),
                    right: &gradients[place * TILES * wide + panel * TILES * width..],
                    beginning: None,
                    target: sums[place * rows * wide + panel * width..].as_mut_ptr(),
                    stride: wide,
                    columns: width,
                    accumulate,
                    ahead: Ahead::NOTHING,
                };
                // SAFETY: rows of the transformed tiles; sums of this place and panel.
                unsafe { block.compute() };
            }
        }
        accumulate = true;
    }
    for row in 0..rows {
        let start = (channels.rows.0 + row) * g.out_channels + channels.columns.0;
        for_all_channels(Taps {
            source: sums[row * wide..].as_ptr(),
            stride: rows * wide,
            columns,
            // SAFETY: the block's row of the first tap.
            target: unsafe { target.add(start) },
            tap: g.in_channels * g.out_channels,
        });
    }
}

/// Gᵀ u G for a row of channels: 36 places `stride` apart become 9 taps `tap` apart.
struct Taps {
    source: *const f32,
    stride: usize,
    columns: usize,
    target: *mut f32,
    tap: usize,
}

impl ChannelTransform for Taps {
    fn count(&self) -> usize {
        self.columns
    }

    #[inline(always)]
    unsafe fn compute<S: Simd>(&self, s: S, column: usize) {
        let mut half = [[s.splat_f32s(0.0); IN]; 3];
        // SAFETY: by the caller's promise.
        unsafe {
            for x in 0..IN {
                let values: [S::f32s; IN] = std::array::from_fn(|y| {
                    self.source.add((y * IN + x) * self.stride + column).cast::<S::f32s>().read_unaligned()
                });
                let values = transforms::weight_gradient(s, values);
                for y in 0..3 {
                    half[y][x] = values[y];
                }
            }
            for (y, row) in half.into_iter().enumerate() {
                for (x, value) in transforms::weight_gradient(s, row).into_iter().enumerate() {
                    let place = self.target.add((y * 3 + x) * self.tap + column);
                    place.cast::<S::f32s>().write_unaligned(value);
                }
            }
        }
    }
}
