//! The right operand, packed: panels of NR columns, each [K, NR], the last filled up with zeros.

use super::packing::pack;
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
    pub fn depth(&self) -> usize {
        self.bases.as_ref().len() * self.length
    }

    /// Packing reads unchecked up to this element.
    pub fn last(&self) -> usize {
        let base = self.bases.as_ref().iter().copied().max().unwrap_or(0);
        base + self.length.saturating_sub(1) * self.inner + self.columns.saturating_sub(1) * self.outer
    }
}

pub struct Panels {
    memory: Scratch,
    /// For each column what its sums begin with, filled up to whole panels; None: 0.
    beginnings: Option<Scratch>,
    depth: usize,
    pub columns: usize,
}

impl Panels {
    pub fn pack<B: AsRef<[usize]> + Sync>(source: &Source<B>, parallel: &dyn Parallel) -> Self {
        let (width, depth) = (tile().columns, source.depth());
        let count = source.columns.div_ceil(width);
        let mut memory = Scratch::new(count * depth * width);
        let shared = Shared::new(&mut memory);
        // A task packs about 16k floats, and more than one panel only where panels are short.
        let each = (16_384 / (depth * width).max(1)).clamp(1, count.max(1));
        parallel.run(count.div_ceil(each), &|task| {
            let (from, to) = (task * each, count.min((task + 1) * each));
            // SAFETY: each panel is one task's.
            let target = unsafe { shared.part(from * depth * width, (to - from) * depth * width) };
            pack(source, from * width, source.columns.min(to * width) - from * width, target);
        });
        Panels { memory, beginnings: None, depth, columns: source.columns }
    }

    /// Sums begin with these, one a column.
    pub fn beginning_with(mut self, terms: &[f32]) -> Self {
        let mut beginnings = Scratch::new(self.count() * tile().columns);
        copy_filled(terms, self.columns, &mut beginnings);
        self.beginnings = Some(beginnings);
        self
    }

    /// Of any content, to be written by the caller.
    pub fn new(depth: usize, columns: usize) -> Self {
        let width = tile().columns;
        let memory = Scratch::new(columns.div_ceil(width) * depth * width);
        Panels { memory, beginnings: None, depth, columns }
    }

    /// All panels: [panels, depth, NR].
    pub fn elements(&mut self) -> &mut [f32] {
        &mut self.memory
    }

    /// The first panel.
    pub fn first(&self) -> *const f32 {
        self.memory.as_ptr()
    }

    pub fn count(&self) -> usize {
        self.columns.div_ceil(tile().columns)
    }

    /// What the sums of panel `index` begin with; None: 0.
    pub fn beginning(&self, index: usize) -> Option<&[f32]> {
        let width = tile().columns;
        self.beginnings.as_ref().map(|terms| &terms[index * width..][..width])
    }

    /// Panel `index` from inner index `k` on.
    pub fn from(&self, index: usize, k: usize) -> &[f32] {
        let width = tile().columns;
        &self.memory[(index * self.depth + k) * width..(index + 1) * self.depth * width]
    }
}
