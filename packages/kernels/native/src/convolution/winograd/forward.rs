//! Filtering images by 3 × 3 weights: a convolution, and with turned weights its input gradient.

use pulp::{Arch, Simd, WithSimd};

use super::channels::for_all_channels;
use super::tiles::{InputTile, OutputTile};
use super::{IN, OUT, PLACES, transforms};
use crate::convolution::places::{Images, Lattice, Pointers, Tap};
use crate::gemm::{Grid, Panels, RowBlock, tile};
use crate::parallel::{Parallel, Shared};
use crate::scratch::Scratch;

/// `target[n, p, o] = Σ_tap Σ_i source[n, p + tap − before, i] · weights[tap, i, o]`
pub struct Filtering<'a> {
    pub batch: usize,
    pub source: &'a [f32],
    pub source_size: [usize; 2],
    pub depth: usize,
    pub before: [isize; 2],
    pub weights: &'a [f32],
    /// Where the weights of each of the 3 × 3 taps start.
    pub taps: [usize; 9],
    /// Elements from one weight to the next along the source's channels, along the target's.
    pub weight_steps: [usize; 2],
    pub target: &'a mut [f32],
    pub target_size: [usize; 2],
    pub columns: usize,
}

/// Tiles of a task: a multiple of every product's tile, so few that what is transformed stays near.
const TILES: usize = 24;

pub fn filter(f: Filtering, parallel: &dyn Parallel) {
    let count = f.target_size.map(|length| length.div_ceil(OUT));
    let tiles = f.batch * count[0] * count[1];
    let weights = transformed_weights(&f, parallel);
    let mut zeros = Scratch::new(f.depth);
    zeros.fill(0.0);
    let taps = (0..IN * IN).map(|place| Tap {
        offset: [(place / IN) as isize - f.before[0], (place % IN) as isize - f.before[1]],
        weight: 0,
    });
    let lattice = Lattice { count, step: [OUT, OUT], taps: taps.collect() };
    let grid = Grid::new(tiles.div_ceil(TILES), weights.count());
    let work = Work {
        images: Images { start: f.source.as_ptr(), size: f.source_size, pixel: f.depth, zeros: zeros.as_ptr() },
        lattice,
        depth: f.depth,
        weights,
        target: f.target.as_mut_ptr(),
        target_size: f.target_size,
        columns: f.columns,
    };
    parallel.run(grid.tasks(), &|task| {
        let (block, range) = grid.task(task);
        let (from, to) = (block * TILES, tiles.min((block + 1) * TILES));
        // SAFETY: tiles and channels are this task's alone.
        unsafe { work.tiles(from, to, range) };
    });
}

struct Work {
    images: Images,
    lattice: Lattice,
    depth: usize,
    weights: Panels,
    target: *mut f32,
    target_size: [usize; 2],
    columns: usize,
}

// SAFETY: images are only read; tasks write to disjoint parts of the target.
unsafe impl Sync for Work {}

/// Tiles whose pointers are computed at a time.
const GROUP: usize = 8;

impl Work {
    /// # Safety
    /// Nobody else writes to these tiles' channels of these panels.
    unsafe fn tiles(&self, from: usize, to: usize, range: (usize, usize)) {
        let (count, depth, width) = (to - from, self.depth, tile().columns);
        let columns = self.columns.min(range.1 * width) - range.0 * width;
        let height = count.next_multiple_of(tile().rows);
        let mut inputs = Scratch::new(PLACES * height * depth);
        let mut outputs = Scratch::new(PLACES * count * columns);
        let mut table = Vec::new();
        let pixels = (from, to);
        Pointers { lattice: &self.lattice, images: self.images, pixels, group: GROUP, table: &mut table }.write();
        for index in 0..count {
            let start = index / GROUP * GROUP * PLACES + index % GROUP;
            let input = InputTile {
                pixels: std::array::from_fn(|place| table[start + place * GROUP]),
                channels: depth,
                target: inputs[index * depth..].as_mut_ptr(),
                stride: height * depth,
            };
            for_all_channels(input);
        }
        let mut left = Vec::with_capacity(height);
        let mut targets = Vec::with_capacity(count);
        for place in 0..PLACES {
            left.clear();
            targets.clear();
            let rows = &inputs[place * height * depth..];
            left.extend((0..height).map(|row| rows[row.min(count - 1) * depth..].as_ptr()));
            let results = outputs[place * count * columns..].as_mut_ptr();
            // SAFETY: rows of the outputs.
            targets.extend((0..count).map(|row| unsafe { results.add(row * columns) }));
            let block = RowBlock {
                left: &left,
                targets: &targets,
                segments: 1,
                length: depth,
                right: &self.weights,
                first: place * depth,
                panels: range,
                first_column: range.0 * width,
                accumulate: false,
            };
            // SAFETY: rows of the transformed inputs and outputs.
            unsafe { block.compute() };
        }
        let [rows, row] = self.lattice.count;
        for index in 0..count {
            let (image, place) = ((from + index) / (rows * row), (from + index) % (rows * row));
            let at = [place / row * OUT, place % row * OUT];
            let [height, row] = self.target_size;
            let pixel = (image * height + at[0]) * row + at[1];
            let output = OutputTile {
                source: outputs[index * columns..].as_ptr(),
                stride: count * columns,
                channels: columns,
                // SAFETY: the tile's first pixel lies in the target.
                target: unsafe { self.target.add(pixel * self.columns + range.0 * width) },
                pixel: self.columns,
                row: row * self.columns,
                size: [(height - at[0]).min(OUT), (row - at[1]).min(OUT)],
            };
            for_all_channels(output);
        }
    }
}

/// G g Gᵀ of every pair of channels, as panels whose inner index runs over the 36 places and the source's channels.
fn transformed_weights(f: &Filtering, parallel: &dyn Parallel) -> Panels {
    let width = tile().columns;
    let mut panels = Panels::new(PLACES * f.depth, f.columns);
    let (count, size) = (panels.count(), PLACES * f.depth * width);
    let shared = Shared::new(panels.elements());
    const CHANNELS: usize = 16;
    let blocks = f.depth.div_ceil(CHANNELS);
    parallel.run(count * blocks, &|task| {
        let (panel, block) = (task / blocks, task % blocks);
        for channel in block * CHANNELS..f.depth.min((block + 1) * CHANNELS) {
            let first = panel * width;
            let weights = TransformWeights {
                f,
                channel,
                first,
                columns: width.min(f.columns - first),
                target: shared.pointer(panel * size + channel * width),
                stride: f.depth * width,
            };
            Arch::new().dispatch(weights);
        }
    });
    panels
}

/// The weights between one channel of the source and a panel of the target's.
struct TransformWeights<'a, 'b> {
    f: &'a Filtering<'b>,
    channel: usize,
    first: usize,
    columns: usize,
    /// A vector of the panel's width for each place, `stride` apart.
    target: *mut f32,
    stride: usize,
}

impl WithSimd for TransformWeights<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, s: S) {
        const WIDEST: usize = 32;
        let mut taps = [[0.0_f32; WIDEST]; 9];
        let [inner, outer] = self.f.weight_steps;
        for (values, start) in taps.iter_mut().zip(self.f.taps) {
            let from = start + self.channel * inner + self.first * outer;
            for (n, value) in values[..self.columns].iter_mut().enumerate() {
                *value = self.f.weights[from + n * outer];
            }
        }
        for vector in 0..2 {
            let at = vector * S::F32_LANES;
            // SAFETY: vectors lie within the widest panel, places within the target by the maker's promise.
            unsafe {
                let load = |tap: usize| taps[tap].as_ptr().add(at).cast::<S::f32s>().read_unaligned();
                let mut half = [[s.splat_f32s(0.0); 3]; IN];
                for x in 0..3 {
                    let column = transforms::weights(s, [load(x), load(3 + x), load(6 + x)]);
                    for y in 0..IN {
                        half[y][x] = column[y];
                    }
                }
                for (y, row) in half.into_iter().enumerate() {
                    for (x, value) in transforms::weights(s, row).into_iter().enumerate() {
                        let place = self.target.add((y * IN + x) * self.stride + at);
                        place.cast::<S::f32s>().write_unaligned(value);
                    }
                }
            }
        }
    }
}
