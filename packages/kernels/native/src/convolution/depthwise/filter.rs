//! Forward, and backward to the input: pixels of a lattice from those that its taps bring.

use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::sums::{Place, Row};
use super::{ceiling, floor, repeat};
use crate::convolution::places::Lattice;
use crate::convolution::products::Target;
use crate::parallel::Parallel;
use crate::scratch::Scratch;

/// `target[p, c] = Σ_tap source[step · p + tap, c] · weights[tap, c]`; of C · M channels the source or the target may have C.
pub struct Filter<'a> {
    pub batch: usize,
    pub lattice: &'a Lattice,
    /// [N, H, W, channels]
    pub source: &'a [f32],
    pub source_size: [usize; 2],
    /// [taps, C · M]
    pub weights: &'a [f32],
    /// C · M
    pub channels: usize,
    /// M where the source's channels are repeated, else 1.
    pub repeated: usize,
    /// M where the target's channels are added up, else 1.
    pub added: usize,
    pub target: Target,
}

/// Tasks that spread well over the threads of a usual machine.
const TASKS: usize = 16;
/// Pixels of a task at least.
const PIXELS: usize = 64;

impl Filter<'_> {
    pub fn compute(&self, parallel: &dyn Parallel) {
        let [rows, columns] = self.lattice.count;
        if self.batch * rows * columns * self.channels == 0 {
            return;
        }
        let height = rows.div_ceil(TASKS.div_ceil(self.batch).min(rows));
        let bands = rows.div_ceil(height);
        let width = columns.div_ceil((TASKS / (self.batch * bands)).clamp(1, columns.div_ceil(PIXELS)));
        let parts = columns.div_ceil(width);
        parallel.run(self.batch * bands * parts, &|task| {
            let (band, part) = (task / parts % bands, task % parts);
            Arch::new().dispatch(Block {
                filter: self,
                image: task / (bands * parts),
                rows: band * height..rows.min((band + 1) * height),
                columns: part * width..columns.min((part + 1) * width),
            });
        });
    }
}

/// Some rows and columns of an image's lattice: a task.
struct Block<'a> {
    filter: &'a Filter<'a>,
    image: usize,
    rows: Range<usize>,
    columns: Range<usize>,
}

/// A tap that lies in the image, of a row of the lattice.
struct RowTap {
    /// The first pixel of the source's row.
    source: *const f32,
    /// Pixels from the lattice's to the tap's.
    offset: isize,
    weights: *mut f32,
}

impl WithSimd for Block<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Filter { lattice, channels, added, ref target, .. } = *self.filter;
        let source = self.source();
        let mut line = Scratch::new(if added > 1 { self.columns.len() * channels } else { 0 });
        let [rows, columns] = lattice.count;
        for y in self.rows.clone() {
            let taps = self.taps(y, &source);
            // SAFETY: a pixel of the lattice.
            let place = |x: usize| unsafe { target.at(lattice, (self.image * rows + y) * columns + x) };
            let first = place(self.columns.start);
            let (pixel, pixel_step) =
                if added > 1 { (line.as_mut_ptr(), channels) } else { (first, target.step[1] * target.pixel) };
            let row = Row { channels, source_step: lattice.step[1] * channels, pixel, pixel_step };
            // SAFETY: the row has a place for each column, this task's alone; taps lie in the source where they are inside.
            unsafe { self.row(simd, row, &taps) };
            if added == 1 {
                continue;
            }
            for (x, sums) in self.columns.clone().zip(line.chunks_exact(channels)) {
                for (c, sums) in sums.chunks_exact(added).enumerate() {
                    // SAFETY: as above; the target has C channels.
                    unsafe { *place(x).add(c) = sums.iter().sum() };
                }
            }
        }
    }
}

/// Rows of an image, from `first` on.
struct Source {
    start: *const f32,
    first: usize,
    /// Repeated channels, which the pointer points to.
    _memory: Option<Scratch>,
}

impl Block<'_> {
    fn source(&self) -> Source {
        let Filter { lattice, source, source_size: [height, width], channels, repeated, .. } = *self.filter;
        let row = width * channels / repeated;
        let image = &source[self.image * height * row..][..height * row];
        if repeated == 1 {
            return Source { start: image.as_ptr(), first: 0, _memory: None };
        }
        let reached = |y: usize| lattice.taps.iter().map(move |tap| (lattice.step[0] * y) as isize + tap.offset[0]);
        let inside = |y: isize| y.clamp(0, height as isize) as usize;
        let first = reached(self.rows.start).min().map_or(0, inside);
        let end = reached(self.rows.end - 1).max().map_or(0, |last| inside(last + 1)).max(first);
        let mut memory = Scratch::new((end - first) * row * repeated);
        repeat(&image[first * row..end * row], repeated, &mut memory);
        Source { start: memory.as_ptr(), first, _memory: Some(memory) }
    }

    /// Taps of row `y` that lie in the image.
    fn taps(&self, y: usize, source: &Source) -> Vec<RowTap> {
        let Filter { lattice, source_size: [height, width], weights, channels, .. } = *self.filter;
        let inside = lattice.taps.iter().filter_map(|tap| {
            let row = (lattice.step[0] * y).checked_add_signed(tap.offset[0]).filter(|&row| row < height)?;
            Some(RowTap {
                // SAFETY: the source has the rows that the block's taps reach.
                source: unsafe { source.start.add((row - source.first) * width * channels) },
                offset: tap.offset[1],
                weights: weights[tap.weight * channels..][..channels].as_ptr().cast_mut(), // only read
            })
        });
        inside.collect()
    }

    /// # Safety
    /// `row` has a place for each column of the block, which nothing else uses.
    unsafe fn row<S: Simd>(&self, simd: S, row: Row, taps: &[RowTap]) {
        let Filter { lattice, source_size: [_, width], channels, .. } = *self.filter;
        let step = lattice.step[1];
        let Range { start, end } = self.columns;
        let inner = inner_columns(taps.iter().map(|tap| tap.offset), step, width, start..end);
        let mut places = Vec::with_capacity(taps.len());
        let mut filter = |x: usize, count: usize| {
            let inside = taps.iter().filter_map(|tap| {
                let column = (step * x).checked_add_signed(tap.offset).filter(|&column| column < width)?;
                // SAFETY: a pixel of the source's row.
                Some(Place { source: unsafe { tap.source.add(column * channels) }, weights: tap.weights })
            });
            places.clear();
            places.extend(inside);
            // SAFETY: by this function's contract; taps of inner columns all lie in the row.
            unsafe {
                let row = Row { pixel: row.pixel.add((x - start) * row.pixel_step), ..row };
                row.filter(simd, &places, count);
            }
        };
        (start..inner.start).for_each(|x| filter(x, 1));
        if !inner.is_empty() {
            filter(inner.start, inner.len());
        }
        (inner.end..end).for_each(|x| filter(x, 1));
    }
}

/// The columns, among some, all of whose taps lie in a row of `width` pixels.
pub fn inner_columns(
    offsets: impl Iterator<Item = isize>,
    step: usize,
    width: usize,
    columns: Range<usize>,
) -> Range<usize> {
    let (mut first, mut end) = (columns.start as isize, columns.end as isize);
    for offset in offsets {
        first = first.max(ceiling(-offset, step));
        end = end.min(floor(width as isize - 1 - offset, step) + 1);
    }
    if first >= end { columns.end..columns.end } else { first as usize..end as usize }
}
