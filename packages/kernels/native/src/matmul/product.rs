//! A product whose left operand's rows are contiguous, or so small that all of it stays in the caches.

use super::Operands;
use super::layout::Layout;
use crate::gemm::{Ahead, ColumnBlock, Columns, DEPTH, Grid, Panels, RowBlock, Source, tile};
use crate::parallel::{Parallel, Sequential};

/// Rows a task takes: a multiple of every tile's.
const ROWS: usize = 48;

pub struct Pointer(pub *mut f32);
// SAFETY: tasks write to disjoint parts.
unsafe impl Sync for Pointer {}

pub struct Product<'a> {
    pub layout: &'a Layout,
    pub operands: Operands<'a>,
    pub result: Pointer,
}

impl Product<'_> {
    /// One matrix, by several threads.
    pub fn together(&self, starts: [usize; 3], parallel: &dyn Parallel) {
        let l = self.layout;
        if l.left_inner != 1 {
            return self.by_columns(starts, parallel);
        }
        let panels = self.panels(starts[1], parallel);
        let grid = Grid::new(l.rows.div_ceil(ROWS), panels.count());
        parallel.run(grid.tasks(), &|task| {
            let (block, range) = grid.task(task);
            let first = block * ROWS;
            // SAFETY: `check` proved that every row lies in its tensor; these rows and panels are this task's alone.
            unsafe {
                let to = self.result.0.add(starts[2] + first * l.row + range.0 * tile().columns);
                self.by_rows(starts[0], (first, l.rows.min(first + ROWS)), range, &panels, (to, l.row));
            }
        });
    }

    /// One matrix of many, by one thread: nothing is gathered or put aside that stays in the caches.
    pub fn alone(&self, starts: [usize; 3]) {
        let l = self.layout;
        if l.left_inner != 1 && l.inner > DEPTH {
            return self.by_columns(starts, &Sequential);
        }
        if l.left_inner == 1 {
            // SAFETY: `check` proved that every row lies in its tensor; the matrix is the caller's alone.
            unsafe { self.alone_to(starts, self.result.0.add(starts[2])) };
            return;
        }
        let panels = self.panels(starts[1], &Sequential);
        for first in (0..l.rows).step_by(ROWS) {
            self.by_short_columns(starts, (first, l.rows.min(first + ROWS)), &panels);
        }
    }

    /// The same to a place of the caller's, where the left operand's rows are contiguous.
    ///
    /// # Safety
    /// The layout fits the operands; the place is valid for the whole matrix and nobody else uses it.
    pub unsafe fn alone_to(&self, [left, right, _]: [usize; 3], to: *mut f32) {
        let l = self.layout;
        let panels = self.panels(right, &Sequential);
        for first in (0..l.rows).step_by(ROWS) {
            let rows = (first, l.rows.min(first + ROWS));
            // SAFETY: by this function's contract.
            unsafe { self.by_rows(left, rows, (0, panels.count()), &panels, (to.add(first * l.row), l.row)) };
        }
    }

    /// The left operand's rows are contiguous: they are read where they lie. `left` is where the matrix starts; rows are written from
    /// the given place on, so far apart.
    ///
    /// # Safety
    /// The layout fits the left operand; the place is valid for these rows of these panels' columns and nobody else uses it.
    pub unsafe fn by_rows(
        &self,
        left: usize,
        (first, last): (usize, usize),
        range: (usize, usize),
        panels: &Panels,
        (to, step): (*mut f32, usize),
    ) {
        let l = self.layout;
        // SAFETY: by this function's contract.
        unsafe {
            let start = self.operands.left.as_ptr().add(left);
            let groups = (last - first).div_ceil(tile().rows) * tile().rows;
            let pointers: Vec<_> =
                (first..first + groups).map(|row| start.add(row.min(last - 1) * l.left_row)).collect();
            let targets: Vec<_> = (0..last - first).map(|row| to.add(row * step)).collect();
            RowBlock {
                left: &pointers,
                targets: &targets,
                segments: 1,
                length: l.inner,
                right: panels,
                first: 0,
                panels: range,
                first_column: range.0 * tile().columns,
                accumulate: false,
            }
            .compute();
        }
    }

    /// The left operand's columns are contiguous, and so few that they are read where they lie. Rows are the caller's alone.
    fn by_short_columns(&self, [left, _, result]: [usize; 3], rows: (usize, usize), panels: &Panels) {
        let l = self.layout;
        let width = tile().columns;
        // SAFETY: `check` proved that every row and column lies in its tensor; rows are the caller's alone.
        unsafe {
            let start = self.operands.left.as_ptr().add(left);
            let pointers: Vec<_> = (0..l.inner).map(|k| start.add(k * l.left_inner)).collect();
            for panel in 0..panels.count() {
                ColumnBlock {
                    left: Columns::Scattered(&pointers),
                    rows,
                    right: panels.from(panel, 0),
                    beginning: panels.beginning(panel),
                    target: self.result.0.add(result + rows.0 * l.row + panel * width),
                    stride: l.row,
                    columns: width.min(l.columns - panel * width),
                    accumulate: false,
                    ahead: Ahead::NOTHING,
                }
                .compute();
            }
        }
    }

    /// The right operand, packed; sums begin with the addend.
    pub fn panels(&self, start: usize, parallel: &dyn Parallel) -> Panels {
        let l = self.layout;
        let (inner, outer) = (l.right_inner, l.right_column);
        let elements = self.operands.right;
        let source = Source { elements, bases: [start], length: l.inner, inner, outer, columns: l.columns };
        let panels = Panels::pack(&source, parallel);
        match self.operands.addend {
            Some(addend) => panels.beginning_with(addend),
            None => panels,
        }
    }
}
