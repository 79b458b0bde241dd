//! The weight gradient: for each tap the products of pixels with their places' gradients, added up.

use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::filter::inner_columns;
use super::repeat;
use super::sums::{Place, Row};
use crate::convolution::geometry::Geometry;
use crate::parallel::{Parallel, Shared};
use crate::scratch::Scratch;

/// Tasks that spread well over the threads of a usual machine.
const TASKS: usize = 16;
/// Columns that are summed before they meet other sums.
const COLUMNS: usize = 256;

/// Sums of parts of the places, [parts, taps, C · M].
pub fn weight_gradient(g: &Geometry, x: &[f32], dy: &[f32], parallel: &dyn Parallel) -> Scratch {
    let stretches = g.output[1].div_ceil(COLUMNS);
    let units = g.batch * g.output[0] * stretches;
    let part = units.div_ceil(TASKS);
    let size = g.weight_count();
    let mut sums = Scratch::new(units.div_ceil(part) * size);
    let shared = Shared::new(&mut sums);
    parallel.run(units.div_ceil(part), &|task| {
        // SAFETY: each task has sums of its own.
        let sums = unsafe { shared.part(task * size, size) };
        sums.fill(0.0);
        Arch::new().dispatch(Part { g, x, dy, units: task * part..units.min((task + 1) * part), stretches, sums });
    });
    sums
}

/// Stretches of the output's rows: a task.
struct Part<'a> {
    g: &'a Geometry,
    x: &'a [f32],
    dy: &'a [f32],
    units: Range<usize>,
    /// In a row.
    stretches: usize,
    sums: &'a mut [f32],
}

impl WithSimd for Part<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let g = self.g;
        let results = g.out_channels / g.in_channels;
        let mut repeated = Scratch::new(if results > 1 { g.taps[0] * g.input[1] * g.out_channels } else { 0 });
        for unit in self.units.clone() {
            let (row, stretch) = (unit / self.stretches, unit % self.stretches);
            let (image, y) = (row / g.output[0], row % g.output[0]);
            let columns = stretch * COLUMNS..g.output[1].min((stretch + 1) * COLUMNS);
            let width = g.input[1] * g.in_channels;
            let mut rows = Vec::with_capacity(g.taps[0]);
            for ty in 0..g.taps[0] {
                let reached = y * g.strides[0] + ty * g.dilations[0];
                let Some(from) = reached.checked_sub(g.before[0]).filter(|&from| from < g.input[0]) else { continue };
                let pixels = &self.x[(image * g.input[0] + from) * width..][..width];
                if results > 1 {
                    let copy = &mut repeated[ty * width * results..][..width * results];
                    repeat(pixels, results, copy);
                    rows.push((ty, copy.as_ptr()));
                } else {
                    rows.push((ty, pixels.as_ptr()));
                }
            }
            self.row(simd, &rows, row, columns);
        }
    }
}

impl Part<'_> {
    /// Adds a row's columns to the sums; `rows` are the input's that taps reach.
    fn row<S: Simd>(&mut self, simd: S, rows: &[(usize, *const f32)], row: usize, columns: Range<usize>) {
        let g = self.g;
        let channels = g.out_channels;
        let offset = |tx: usize| (tx * g.dilations[1]) as isize - g.before[1] as isize;
        let dy = &self.dy[(row * g.output[1] + columns.start) * channels..][..columns.len() * channels];
        let sums = self.sums.as_mut_ptr();
        let mut places = Vec::with_capacity(g.tap_count());
        let mut gather = |x: usize, count: usize| {
            places.clear();
            for &(ty, pixels) in rows {
                for tx in 0..g.taps[1] {
                    let column =
                        (x * g.strides[1]).checked_add_signed(offset(tx)).filter(|&column| column < g.input[1]);
                    let Some(column) = column else { continue };
                    // SAFETY: a pixel of the row, and the sums of a tap.
                    places.push(unsafe {
                        Place {
                            source: pixels.add(column * channels),
                            weights: sums.add((ty * g.taps[1] + tx) * channels),
                        }
                    });
                }
            }
            let pixel = dy[(x - columns.start) * channels..].as_ptr().cast_mut(); // only read
            let row = Row { channels, source_step: g.strides[1] * channels, pixel, pixel_step: channels };
            // SAFETY: taps of inner columns all lie in their rows; the sums are this task's alone.
            unsafe { row.gather(simd, &places, count) };
        };
        let inner = inner_columns((0..g.taps[1]).map(offset), g.strides[1], g.input[1], columns.clone());
        (columns.start..inner.start).for_each(|x| gather(x, 1));
        if !inner.is_empty() {
            gather(inner.start, inner.len());
        }
        (inner.end..columns.end).for_each(|x| gather(x, 1));
    }
}
