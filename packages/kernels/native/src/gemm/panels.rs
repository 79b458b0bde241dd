//! The right operand, packed: panels of NR columns, each [K, NR], the last filled up with zeros.

use super::tile::{copy_filled, tile};
use crate::parallel::{Parallel, Shared};
use crate::scratch::Scratch;

/// Where the right operand's element (k, n) lies: `bases[k / length] + (k % length) · inner + n · outer`.
#[derive(Clone, Copy)]
pub struct Source<'a, B = &'a [usize]> {
    pub elements: &'a [f32],
    /// Where each segment of `length` inner indices starts.
    pub bases: B,
    pub length: usize,
    /// Step of the inner index.
    pub inner: usize,
    /// Step of the column.
    pub outer: usize,
    pub columns: usize,
}

impl<B: AsRef<[usize]>> Source<'_, B> {
    fn depth(&self) -> usize {
        self.bases.as_ref().len() * self.length
    }

    /// Packing reads unchecked up to this element.
    fn last(&self) -> usize {
        let base = self.bases.as_ref().iter().copied().max().unwrap_or(0);
        base + self.length.saturating_sub(1) * self.inner + self.columns.saturating_sub(1) * self.outer
    }
}

pub struct Panels {
    memory: Scratch,
    depth: usize,
    pub columns: usize,
}

impl Panels {
    pub fn pack<B: AsRef<[usize]> + Sync>(source: &Source<B>, parallel: &dyn Parallel) -> Self {
        let (width, depth) = (tile().columns, source.depth());
        assert!(
            depth * source.columns == 0 || source.last() < source.elements.len(),
            "a packed operand must lie in its tensor"
        );
        let count = source.columns.div_ceil(width);
        let mut memory = Scratch::new(count * depth * width);
        let shared = Shared::new(&mut memory);
        // A task packs about 16k floats, and more than one panel only where panels are short.
        let each = (16_384 / (depth * width).max(1)).clamp(1, count.max(1));
        parallel.run(count.div_ceil(each), &|task| {
            for panel in task * each..count.min((task + 1) * each) {
                // SAFETY: each panel is one task's.
                let target = unsafe { shared.part(panel * depth * width, depth * width) };
                let columns = width.min(source.columns - panel * width);
                pack_from(source, panel * width, columns, target);
            }
        });
        Panels { memory, depth, columns: source.columns }
    }

    /// Of any content, to be written by the caller.
    pub fn new(depth: usize, columns: usize) -> Self {
        let width = tile().columns;
        Panels { memory: Scratch::new(columns.div_ceil(width) * depth * width), depth, columns }
    }

    /// All panels: [panels, depth, NR].
    pub fn elements(&mut self) -> &mut [f32] {
        &mut self.memory
    }

    pub fn count(&self) -> usize {
        self.columns.div_ceil(tile().columns)
    }

    /// Panel `index` from inner index `k` on.
    pub fn from(&self, index: usize, k: usize) -> &[f32] {
        let width = tile().columns;
        &self.memory[(index * self.depth + k) * width..(index + 1) * self.depth * width]
    }
}

/// One panel of at most NR columns: NR floats an inner index.
pub fn pack_panel<B: AsRef<[usize]>>(source: &Source<B>, target: &mut [f32]) {
    pack_from(source, 0, source.columns, target);
}

/// All panels of a right operand of one segment, one behind the other. Rows that are contiguous are read in one piece.
pub fn pack_panels(source: &Source<[usize; 1]>, target: &mut [f32]) {
    let width = tile().columns;
    let size = source.length * width;
    if source.outer != 1 {
        for (panel, target) in target.chunks_exact_mut(size).enumerate() {
            let first = panel * width;
            pack_from(source, first, width.min(source.columns - first), target);
        }
        return;
    }
    for k in 0..source.length {
        let row = &source.elements[source.bases[0] + k * source.inner..][..source.columns];
        for (panel, part) in row.chunks(width).enumerate() {
            copy_filled(part, part.len(), &mut target[panel * size + k * width..][..width]);
        }
    }
}

fn pack_from<B: AsRef<[usize]>>(source: &Source<B>, first: usize, columns: usize, target: &mut [f32]) {
    let width = tile().columns;
    let mut segments = target.chunks_exact_mut((source.length * width).max(1));
    for (&base, segment) in source.bases.as_ref().iter().zip(&mut segments) {
        let start = base + first * source.outer;
        if source.outer < source.inner {
            for (k, row) in segment.chunks_exact_mut(width).enumerate() {
                pack_row(&source.elements[start + k * source.inner..], source.outer, row, columns);
            }
        } else {
            pack_columns(source, start, columns, segment);
        }
    }
}

fn pack_row(elements: &[f32], step: usize, row: &mut [f32], columns: usize) {
    if step == 1 {
        return copy_filled(elements, columns, row);
    }
    for (place, value) in row[..columns].iter_mut().zip(elements.iter().step_by(step)) {
        *place = *value;
    }
    row[columns..].fill(0.0);
}

/// Eight columns at a time, so that rows are written in one piece.
fn pack_columns<B>(source: &Source<B>, start: usize, columns: usize, segment: &mut [f32]) {
    const TOGETHER: usize = 8;
    let width = tile().columns;
    let reach = (source.length - 1) * source.inner + 1;
    let column = |n: usize| &source.elements[start + n * source.outer..][..reach];
    let whole = columns - columns % TOGETHER;
    for n in (0..whole).step_by(TOGETHER) {
        let from: [&[f32]; TOGETHER] = std::array::from_fn(|i| column(n + i));
        for (k, row) in segment.chunks_exact_mut(width).enumerate() {
            let values: [f32; TOGETHER] = std::array::from_fn(|i| from[i][k * source.inner]);
            row[n..n + TOGETHER].copy_from_slice(&values);
        }
    }
    for n in whole..columns {
        for (row, value) in segment.chunks_exact_mut(width).zip(column(n).iter().step_by(source.inner)) {
            row[n] = *value;
        }
    }
    if columns < width {
        segment.chunks_exact_mut(width).for_each(|row| row[columns..].fill(0.0));
    }
}
