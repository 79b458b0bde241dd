//! A product whose left operand's columns are contiguous, as in a weight gradient.

use pulp::{Arch, Simd, WithSimd};

use super::product::Product;
use crate::gemm::{Ahead, ColumnBlock, Columns, DEPTH, Gathered, Grid, Source, copy_filled, pack, tile, transpose};
use crate::parallel::Parallel;
use crate::scratch::Scratch;

/// Rows a task takes where the right operand is packed again for each: a multiple of every tile's.
const TALL: usize = 480;

/// One operand of a product by columns: element (k, n) lies at `start + k · inner + n · outer`.
struct Side<'a> {
    elements: &'a [f32],
    start: usize,
    inner: usize,
    outer: usize,
    count: usize,
}

impl<'a> Side<'a> {
    fn new(elements: &'a [f32], start: usize, inner: usize, outer: usize, count: usize) -> Self {
        Side { elements, start, inner, outer, count }
    }
}

/// A block of whole sums, panel by panel: NR columns of each row.
struct Sums<'a> {
    elements: &'a [f32],
    rows: (usize, usize),
    columns: (usize, usize),
}

impl Sums<'_> {
    fn row(&self, panel: usize, row: usize) -> &[f32] {
        let width = tile().columns;
        &self.elements[(panel * (self.rows.1 - self.rows.0) + row - self.rows.0) * width..][..width]
    }
}

/// Writes sums to the transposed block that starts at `to`, whose rows are `step` apart.
struct Turning<'a> {
    sums: &'a Sums<'a>,
    to: *mut f32,
    step: usize,
}

impl WithSimd for Turning<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let width = 2 * S::F32_LANES;
        let rows = self.sums.rows.1 - self.sums.rows.0;
        let columns = self.sums.columns.1 - self.sums.columns.0;
        for (panel, from) in self.sums.elements.chunks_exact(rows * width).enumerate() {
            let count = width.min(columns - panel * width);
            // SAFETY: a panel holds NR floats a row; the block is the caller's to write.
            unsafe {
                transpose((from.as_ptr(), width), (rows, count), (self.to.add(panel * width * self.step), self.step))
            };
        }
    }
}

impl Product<'_> {
    /// The left operand's columns are contiguous: its tiles are gathered once, the right operand is packed where it is used. Of two
    /// operands that lie alike the smaller is gathered: the product's transpose is computed then.
    pub(super) fn by_columns(&self, [left, right, result]: [usize; 3], parallel: &dyn Parallel) {
        let of = self.layout;
        let is_turned = of.right_column == 1 && of.columns < of.rows;
        let (left, right) = if is_turned {
            (
                Side::new(self.operands.right, right, of.right_inner, 1, of.columns),
                Side::new(self.operands.left, left, of.left_inner, 1, of.rows),
            )
        } else {
            let (inner, outer) = (of.right_inner, of.right_column);
            (
                Side::new(self.operands.left, left, of.left_inner, 1, of.rows),
                Side::new(self.operands.right, right, inner, outer, of.columns),
            )
        };
        let width = tile().columns;
        let gathered = Gathered::new(&left.elements[left.start..], left.inner, of.inner, left.count, parallel);
        let grid = Grid::new(left.count.div_ceil(TALL), right.count.div_ceil(width));
        parallel.run(grid.tasks(), &|task| {
            let (block, range) = grid.task(task);
            let (first, last) = (block * TALL, left.count.min((block + 1) * TALL));
            let columns = (range.0 * width, right.count.min(range.1 * width));
            let (rows, panels) = (last - first, range.1 - range.0);
            let mut packed = Scratch::new(panels * DEPTH * width);
            // Rows of a wide result lie far apart: the sums are kept side by side until they are whole.
            let mut sums = Scratch::new(panels * rows * width);
            if of.inner == 0 {
                sums.fill(0.0);
            }
            for k in (0..of.inner).step_by(DEPTH) {
                let end = of.inner.min(k + DEPTH);
                let source = Source {
                    elements: right.elements,
                    bases: [right.start + k * right.inner + columns.0 * right.outer],
                    length: end - k,
                    inner: right.inner,
                    outer: right.outer,
                    columns: columns.1 - columns.0,
                };
                let size = (end - k) * width;
                pack(&source, 0, source.columns, &mut packed);
                // The next inner indices of a panel, where they lie in rows.
                let next = |panel: usize| match of.inner.min(end + DEPTH) - end {
                    count if right.outer == 1 && count > 0 => Ahead {
                        start: right.elements[source.bases[0] + (end - k) * right.inner + panel * width..].as_ptr(),
                        step: right.inner,
                        count,
                    },
                    _ => Ahead::NOTHING,
                };
                let panels = packed.chunks_exact(size).zip(sums.chunks_exact_mut(rows * width));
                for (panel, (packed, sums)) in panels.enumerate() {
                    let block = ColumnBlock {
                        left: Columns::Gathered(&gathered, (k, end)),
                        rows: (first, last),
                        right: packed,
                        beginning: None,
                        target: sums.as_mut_ptr(),
                        stride: width,
                        columns: width,
                        accumulate: k > 0,
                        ahead: next(panel),
                    };
                    // SAFETY: the tiles were gathered for all rows; the sums are this panel's.
                    unsafe { block.compute() };
                }
            }
            let block = Sums { elements: &sums, rows: (first, last), columns };
            // SAFETY: `check` proved that every row lies in the result; these are this task's alone.
            unsafe { if is_turned { self.write_turned(&block, result) } else { self.write(&block, result) } };
        });
    }

    /// # Safety
    /// Nobody else writes to these rows and columns.
    unsafe fn write(&self, sums: &Sums, result: usize) {
        let row_length = sums.columns.1 - sums.columns.0;
        for row in sums.rows.0..sums.rows.1 {
            let start = result + row * self.layout.row + sums.columns.0;
            // SAFETY: by this function's contract.
            let places = unsafe { std::slice::from_raw_parts_mut(self.result.0.add(start), row_length) };
            for (panel, places) in places.chunks_mut(tile().columns).enumerate() {
                copy_filled(sums.row(panel, row), places.len(), places);
            }
            if let Some(addend) = self.operands.addend {
                let terms = &addend[sums.columns.0..];
                places.iter_mut().zip(terms).for_each(|(place, term)| *place += term);
            }
        }
    }

    /// The same where the sums are the result's transpose.
    ///
    /// # Safety
    /// Nobody else writes to these columns and rows.
    unsafe fn write_turned(&self, sums: &Sums, result: usize) {
        Arch::new().dispatch(Turning {
            sums,
            // SAFETY: by this function's contract.
            to: unsafe { self.result.0.add(result + sums.columns.0 * self.layout.row + sums.rows.0) },
            step: self.layout.row,
        });
        let Some(addend) = self.operands.addend else { return };
        for row in sums.columns.0..sums.columns.1 {
            let start = result + row * self.layout.row + sums.rows.0;
            // SAFETY: by this function's contract.
            let places = unsafe { std::slice::from_raw_parts_mut(self.result.0.add(start), sums.rows.1 - sums.rows.0) };
            places.iter_mut().zip(&addend[sums.rows.0..]).for_each(|(place, term)| *place += term);
        }
    }
}
