//! A convolution's weight gradient: products of the input's windows with the output's gradient, summed over places.

use super::depthwise;
use super::geometry::Geometry;
use super::places::{Images, Lattice, Pointers, Tap};
use super::winograd;
use crate::gemm::{Ahead, ColumnBlock, Columns, Source, pack, tile};
use crate::parallel::{Parallel, Shared};
use crate::scratch::Scratch;

/// Places summed at a time: their channels and the packed gradient stay in the caches.
const DEPTH: usize = 128;
/// Input channels and output channels of a task.
const CHANNELS: usize = 128;
/// Tasks that spread well over the threads of a usual machine.
const TASKS: usize = 16;

/// `dw[tap, i, o] = Σ_n Σ_p x[n, stride · p + tap, i] · dy[n, p, o]`, laid out as `weight_steps` tells.
///
/// The sizes must have been checked.
pub fn weight_gradient(g: &Geometry, x: &[f32], dy: &[f32], dw: &mut [f32], parallel: &dyn Parallel) {
    if g.batch * g.output[0] * g.output[1] == 0 {
        dw.fill(0.0);
        return;
    }
    if dw.is_empty() {
        return;
    }
    let sums = if depthwise::is_kind(g) {
        depthwise::weight_gradient(g, x, dy, parallel)
    } else {
        sums_of_parts(g, x, dy, parallel)
    };
    let gradient = Shared::new(dw);
    parallel.run(g.group_in().div_ceil(TOGETHER), &|task| {
        let rows = (task * TOGETHER, g.group_in().min((task + 1) * TOGETHER));
        add_up(g, &sums, rows, &gradient);
    });
}

/// Sums of parts of the places, [parts, taps, in channels, out channels].
fn sums_of_parts(g: &Geometry, x: &[f32], dy: &[f32], parallel: &dyn Parallel) -> Scratch {
    let is_winograd = winograd::pays(g);
    // What is summed: pixels of the output, or tiles of them.
    let (places, depth) = if is_winograd {
        (winograd::tile_count(g), winograd::TILES)
    } else {
        (g.batch * g.output[0] * g.output[1], DEPTH)
    };
    let blocks = [g.group_in().div_ceil(CHANNELS), g.group_out().div_ceil(CHANNELS)];
    let base = g.groups * blocks[0] * blocks[1];
    // Sums of parts of the places, added up in order: the same bits on any number of threads.
    let parts = TASKS.div_ceil(base).min(places.div_ceil(4 * depth));
    let part = places.div_ceil(parts).next_multiple_of(depth);
    let parts = places.div_ceil(part);
    let mut zeros = Scratch::new(g.in_channels.max(g.out_channels));
    zeros.fill(0.0);
    let work = Work { g, x: x.as_ptr(), zeros: zeros.as_ptr(), dy };
    let mut sums = Scratch::new(parts * g.weight_count());
    let size = g.weight_count();
    let shared = Shared::new(&mut sums);
    parallel.run(base * parts, &|task| {
        let (index, block) = (task / base, task % base);
        let (group, block) = (block / (blocks[0] * blocks[1]), block % (blocks[0] * blocks[1]));
        let target = shared.pointer(index * size);
        let range = (index * part, places.min((index + 1) * part));
        let channels = |block: usize, all: usize| (block * CHANNELS, all.min((block + 1) * CHANNELS));
        let rows = channels(block / blocks[1], g.group_in());
        let columns = channels(block % blocks[1], g.group_out());
        // SAFETY: tasks write to disjoint channels or to different sums.
        unsafe {
            if is_winograd {
                let images = [work.x, work.dy.as_ptr(), work.zeros];
                winograd::weight_gradient(g, images, winograd::Channels { rows, columns }, range, target);
            } else {
                work.block(group, rows, columns, range, target);
            }
        }
    });
    sums
}

/// Input channels that are added up at a time: their weights lie near one another.
const TOGETHER: usize = 16;

/// The sum of all parts, laid out as the weights are, for some input channels.
fn add_up(g: &Geometry, sums: &[f32], rows: (usize, usize), gradient: &Shared<f32>) {
    let [.., inner, outer] = g.weight_steps;
    let starts: Vec<usize> = g.tap_starts().collect();
    let (columns, size) = (g.out_channels, g.weight_count());
    let mut total = vec![0.0_f32; starts.len() * TOGETHER * columns];
    for (tap, total) in total.chunks_exact_mut(TOGETHER * columns).enumerate() {
        let from = (tap * g.group_in() + rows.0) * columns;
        let length = (rows.1 - rows.0) * columns;
        total[..length].copy_from_slice(&sums[from..from + length]);
        for part in sums[from..].chunks(size).skip(1) {
            total[..length].iter_mut().zip(part).for_each(|(sum, value)| *sum += *value);
        }
    }
    for o in 0..columns {
        for i in rows.0..rows.1 {
            for (tap, start) in starts.iter().enumerate() {
                let place = gradient.pointer(start + i * inner + o * outer);
                // SAFETY: `pointer` checks that it lies in the gradient; each input channel is one task's.
                unsafe { *place = total[(tap * TOGETHER + i - rows.0) * columns + o] };
            }
        }
    }
}

struct Work<'a> {
    g: &'a Geometry,
    x: *const f32,
    zeros: *const f32,
    dy: &'a [f32],
}

// SAFETY: the pointers are only read.
unsafe impl Sync for Work<'_> {}

impl Work<'_> {
    /// One block of channels of a group over places from … to.
    ///
    /// # Safety
    /// `target` holds the whole gradient, whose block nobody else uses.
    unsafe fn block(
        &self,
        group: usize,
        rows: (usize, usize),
        columns: (usize, usize),
        places: (usize, usize),
        target: *mut f32,
    ) {
        let g = self.g;
        let width = tile().columns;
        let panels = (columns.1 - columns.0).div_ceil(width);
        let mut packed = Scratch::new(panels * DEPTH * width);
        let lattices: Vec<Lattice> = self.lattices();
        let mut table = Vec::with_capacity(DEPTH + 16);
        let mut accumulate = false;
        for from in (places.0..places.1).step_by(DEPTH) {
            let to = places.1.min(from + DEPTH);
            for panel in 0..panels {
                let column = group * g.group_out() + columns.0 + panel * width;
                let source = Source {
                    elements: self.dy,
                    bases: [from * g.out_channels + column],
                    length: to - from,
                    inner: g.out_channels,
                    outer: 1,
                    columns: width.min(columns.1 - columns.0 - panel * width),
                };
                pack(&source, 0, source.columns, &mut packed[panel * DEPTH * width..][..(to - from) * width]);
            }
            for (tap, lattice) in lattices.iter().enumerate() {
                let images = Images {
                    // SAFETY: the group's first channel of the first pixel.
                    start: unsafe { self.x.add(group * g.group_in()) },
                    size: g.input,
                    pixel: g.in_channels,
                    zeros: self.zeros,
                };
                Pointers { lattice, images, pixels: (from, to), group: 8, table: &mut table }.write();
                for panel in 0..panels {
                    let column = columns.0 + panel * width;
                    let start = (tap * g.group_in() + rows.0) * g.out_channels + group * g.group_out() + column;
                    let block = ColumnBlock {
                        left: Columns::Scattered(&table[..to - from]),
                        rows,
                        right: &packed[panel * DEPTH * width..],
                        beginning: None,
                        // SAFETY: the block lies in the gradient.
                        target: unsafe { target.add(start) },
                        stride: g.out_channels,
                        columns: width.min(columns.1 - column),
                        accumulate,
                        ahead: Ahead::NOTHING,
                    };
                    // SAFETY: the table points to pixels of the input or to zeros, both as long as a group has channels.
                    unsafe { block.compute() };
                }
            }
            accumulate = true;
        }
    }

    /// One a tap.
    fn lattices(&self) -> Vec<Lattice> {
        let g = self.g;
        let offset = |axis: usize, tap: usize| (tap * g.dilations[axis]) as isize - g.before[axis] as isize;
        let of = |ty, tx| Lattice {
            count: g.output,
            step: g.strides,
            taps: vec![Tap { offset: [offset(0, ty), offset(1, tx)], weight: 0 }],
        };
        (0..g.taps[0]).flat_map(|ty| (0..g.taps[1]).map(move |tx| of(ty, tx))).collect()
    }
}
