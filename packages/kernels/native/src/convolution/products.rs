//! A convolution and its input gradient: both are products of windows with weights.

use super::depthwise::{self, Filter};
use super::geometry::Geometry;
use super::places::{Images, Lattice, Pointers, Tap};
use super::winograd::{self, Filtering};
use crate::gemm::{Grid, Panels, RowBlock, Source, tile};
use crate::parallel::Parallel;
use crate::scratch::Scratch;

/// `y[n, p, o] = Σ_tap Σ_i x[n, stride · p + tap, i] · weights[tap, i, o]`.
///
/// The sizes must have been checked.
pub fn forward(g: &Geometry, x: &[f32], weights: &[f32], y: &mut [f32], parallel: &dyn Parallel) {
    if winograd::pays(g) {
        let mut starts = g.tap_starts();
        let filtering = Filtering {
            batch: g.batch,
            source: x,
            source_size: g.input,
            depth: g.in_channels,
            before: g.before.map(|n| n as isize),
            weights,
            taps: std::array::from_fn(|_| starts.next().expect("nine taps")),
            weight_steps: [g.weight_steps[2], g.weight_steps[3]],
            target: y,
            target_size: g.output,
            columns: g.out_channels,
        };
        return winograd::filter(filtering, parallel);
    }
    let offset = |axis: usize, tap: usize| (tap * g.dilations[axis]) as isize - g.before[axis] as isize;
    let taps = (0..g.taps[0]).flat_map(|ty| (0..g.taps[1]).map(move |tx| (ty, tx)));
    let taps =
        taps.enumerate().map(|(weight, (ty, tx))| Tap { offset: [offset(0, ty), offset(1, tx)], weight }).collect();
    let lattice = Lattice { count: g.output, step: g.strides, taps };
    let [.., inner, outer] = g.weight_steps;
    if depthwise::is_kind(g) {
        let filter = Filter {
            batch: g.batch,
            lattice: &lattice,
            source: x,
            source_size: g.input,
            weights: &depthwise::packed(g, weights),
            channels: g.out_channels,
            repeated: g.group_out(),
            added: 1,
            target: Target {
                start: y.as_mut_ptr(),
                size: g.output,
                pixel: g.out_channels,
                first: [0, 0],
                step: [1, 1],
            },
        };
        return filter.compute(parallel);
    }
    for group in 0..g.groups {
        let product = Product {
            batch: g.batch,
            lattice: &lattice,
            source: &x[group * g.group_in()..],
            source_size: g.input,
            source_pixel: g.in_channels,
            depth: g.group_in(),
            weights,
            weight_starts: g.tap_starts().map(|start| start + group * g.group_out() * outer).collect(),
            weight_steps: [inner, outer],
            columns: g.group_out(),
            target: Target {
                start: y[group * g.group_out()..].as_mut_ptr(),
                size: g.output,
                pixel: g.out_channels,
                first: [0, 0],
                step: [1, 1],
            },
        };
        product.compute(parallel);
    }
}

/// `dx[n, q, i] = Σ_tap Σ_o dy[n, p, o] · weights[tap, i, o]` over the taps and places p with `stride · p + tap = q`.
///
/// Where windows step over pixels, pixels at the same place between two windows have the same taps: each such lattice is a
/// convolution of dy. The sizes must have been checked.
pub fn input_gradient(g: &Geometry, dy: &[f32], weights: &[f32], dx: &mut [f32], parallel: &dyn Parallel) {
    if winograd::pays(g) {
        let mut starts: Vec<usize> = g.tap_starts().collect();
        starts.reverse(); // the filter turned by half a turn
        let filtering = Filtering {
            batch: g.batch,
            source: dy,
            source_size: g.output,
            depth: g.out_channels,
            before: g.before.map(|n| 2 - n as isize),
            weights,
            taps: std::array::from_fn(|tap| starts[tap]),
            weight_steps: [g.weight_steps[3], g.weight_steps[2]],
            target: dx,
            target_size: g.input,
            columns: g.in_channels,
        };
        return winograd::filter(filtering, parallel);
    }
    if depthwise::is_kind(g) {
        let weights = depthwise::packed(g, weights);
        for first in firsts(g) {
            let filter = Filter {
                batch: g.batch,
                lattice: &gradient_lattice(g, first),
                source: dy,
                source_size: g.output,
                weights: &weights,
                channels: g.out_channels,
                repeated: 1,
                added: g.group_out(),
                target: Target { start: dx.as_mut_ptr(), size: g.input, pixel: g.in_channels, first, step: g.strides },
            };
            filter.compute(parallel);
        }
        return;
    }
    let [.., inner, outer] = g.weight_steps;
    for group in 0..g.groups {
        for first in firsts(g) {
            let lattice = gradient_lattice(g, first);
            let product = Product {
                batch: g.batch,
                lattice: &lattice,
                source: &dy[group * g.group_out()..],
                source_size: g.output,
                source_pixel: g.out_channels,
                depth: g.group_out(),
                weights,
                weight_starts: g.tap_starts().map(|start| start + group * g.group_out() * outer).collect(),
                weight_steps: [outer, inner],
                columns: g.group_in(),
                target: Target {
                    start: dx[group * g.group_in()..].as_mut_ptr(),
                    size: g.input,
                    pixel: g.in_channels,
                    first,
                    step: g.strides,
                },
            };
            product.compute(parallel);
        }
    }
}

/// The first pixel of each lattice.
fn firsts(g: &Geometry) -> impl Iterator<Item = [usize; 2]> {
    let [rows, columns] = [0, 1].map(|axis| g.strides[axis].min(g.input[axis]));
    (0..rows).flat_map(move |y| (0..columns).map(move |x| [y, x]))
}

/// Pixels first, first + stride, … of the input: which places of the output each tap brings them.
fn gradient_lattice(g: &Geometry, first: [usize; 2]) -> Lattice {
    let along = |axis: usize| -> Vec<(usize, isize)> {
        let reached = |tap: usize| (first[axis] + g.before[axis]) as isize - (tap * g.dilations[axis]) as isize;
        let stride = g.strides[axis] as isize;
        let meets = (0..g.taps[axis]).filter(|&tap| reached(tap).rem_euclid(stride) == 0);
        meets.map(|tap| (tap, reached(tap).div_euclid(stride))).collect()
    };
    let columns = along(1);
    let taps = along(0).into_iter().flat_map(|(ty, y)| {
        let row = columns.iter().map(move |&(tx, x)| Tap { offset: [y, x], weight: ty * g.taps[1] + tx });
        row.collect::<Vec<_>>()
    });
    let count = [0, 1].map(|axis| (g.input[axis] - first[axis]).div_ceil(g.strides[axis]));
    Lattice { count, step: [1, 1], taps: taps.collect() }
}

/// Rows a task takes: a multiple of every tile's.
const ROWS: usize = 96;

struct Product<'a> {
    batch: usize,
    lattice: &'a Lattice,
    source: &'a [f32],
    source_size: [usize; 2],
    source_pixel: usize,
    /// Channels of the source.
    depth: usize,
    weights: &'a [f32],
    weight_starts: Vec<usize>,
    /// Along the source's channels, along the target's.
    weight_steps: [usize; 2],
    /// Channels of the target.
    columns: usize,
    target: Target,
}

/// Pixels `first + step · (y, x)` of images.
pub struct Target {
    pub start: *mut f32,
    pub size: [usize; 2],
    /// Floats from one pixel to the next.
    pub pixel: usize,
    pub first: [usize; 2],
    pub step: [usize; 2],
}

// SAFETY: tasks write to disjoint pixels and channels.
unsafe impl Sync for Target {}

impl Target {
    /// # Safety
    /// The pixel lies in the images.
    pub unsafe fn at(&self, lattice: &Lattice, index: usize) -> *mut f32 {
        let [rows, columns] = lattice.count;
        let (image, rest) = (index / (rows * columns), index % (rows * columns));
        let y = self.first[0] + self.step[0] * (rest / columns);
        let x = self.first[1] + self.step[1] * (rest % columns);
        // SAFETY: by this function's contract.
        unsafe { self.start.add(((image * self.size[0] + y) * self.size[1] + x) * self.pixel) }
    }
}

impl Product<'_> {
    fn compute(&self, parallel: &dyn Parallel) {
        let lattice = self.lattice;
        let pixels = self.batch * lattice.count[0] * lattice.count[1];
        if pixels * self.columns == 0 {
            return;
        }
        let bases: Vec<usize> = lattice.taps.iter().map(|tap| self.weight_starts[tap.weight]).collect();
        let depth = if bases.is_empty() { 0 } else { self.depth };
        let source = Source {
            elements: self.weights,
            bases: bases.as_slice(),
            length: depth,
            inner: self.weight_steps[0],
            outer: self.weight_steps[1],
            columns: self.columns,
        };
        let panels = Panels::pack(&source, parallel);
        let mut zeros = Scratch::new(self.depth);
        zeros.fill(0.0);
        let images = SharedImages(Images {
            start: self.source.as_ptr(),
            size: self.source_size,
            pixel: self.source_pixel,
            zeros: zeros.as_ptr(),
        });
        let grid = Grid::new(pixels.div_ceil(ROWS), panels.count());
        parallel.run(grid.tasks(), &|task| {
            let (block, range) = grid.task(task);
            let (from, to) = (block * ROWS, pixels.min((block + 1) * ROWS));
            let first_column = range.0 * tile().columns;
            // SAFETY: pixels of the lattice lie in the target, and are this task's alone with these channels.
            let targets: Vec<_> =
                (from..to).map(|pixel| unsafe { self.target.at(lattice, pixel).add(first_column) }).collect();
            if depth == 0 {
                let columns = self.columns.min(range.1 * tile().columns) - first_column;
                // SAFETY: as above.
                targets.iter().for_each(|&place| unsafe { place.write_bytes(0, columns) });
                return;
            }
            let mut table = Vec::new();
            let images = images.get();
            Pointers { lattice, images, pixels: (from, to), group: tile().rows, table: &mut table }.write();
            let block = RowBlock {
                left: &table,
                targets: &targets,
                segments: lattice.taps.len(),
                length: depth,
                right: &panels,
                first: 0,
                panels: range,
                first_column,
                accumulate: false,
            };
            // SAFETY: the table points into the source or to zeros; targets as above.
            unsafe { block.compute() };
        });
    }
}

struct SharedImages(Images);
// SAFETY: they are only read.
unsafe impl Sync for SharedImages {}

impl SharedImages {
    fn get(&self) -> Images {
        self.0
    }
}
