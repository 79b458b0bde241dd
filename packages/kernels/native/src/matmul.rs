//! Products of matrices and of stacks of them, wherever their elements lie: transposes cost nothing.

use pulp::{Arch, Simd, WithSimd};

use crate::gemm::{
    Ahead, ColumnBlock, Columns, DEPTH, Gathered, Grid, Panels, RowBlock, Source, copy_filled, pack, tile, transpose,
};
use crate::parallel::{Parallel, Sequential};
use crate::runtime::{Attributes, Call, Failure, Operator, failure};
use crate::scratch::Scratch;

/// Inputs: left, right, and optionally a row to add to each row. Output: the product.
///
/// Element (i, j) of matrix (b₀, b₁ …): `Σ_k left[left_start + …bₙ·left_stackₙ + i·left_row + k·left_inner] · right[right_start + … + k·right_inner + j·right_column]`,
/// written to `… + i·row + j`.
pub struct MatMul {
    shape: Vec<usize>,
    layout: Layout,
}

#[derive(Clone, Debug, Default)]
pub struct Layout {
    pub rows: usize,
    pub columns: usize,
    pub inner: usize,
    /// Lengths of the stacks' axes, and the steps along them in left, right and result.
    pub stack: Vec<usize>,
    pub stack_steps: [Vec<usize>; 3],
    /// Where the first matrices of left and right start.
    pub left_start: usize,
    pub right_start: usize,
    pub left_row: usize,
    pub left_inner: usize,
    pub right_inner: usize,
    pub right_column: usize,
    pub row: usize,
}

impl Operator for MatMul {
    const NAME: &'static std::ffi::CStr = c"MatMul";

    fn create(attributes: &Attributes) -> Result<Self, Failure> {
        let layout = Layout {
            rows: attributes.length("rows")?,
            columns: attributes.length("columns")?,
            inner: attributes.length("inner")?,
            stack: attributes.lengths("stack")?,
            stack_steps: [
                attributes.lengths("left_stack")?,
                attributes.lengths("right_stack")?,
                attributes.lengths("result_stack")?,
            ],
            left_start: attributes.length("left_start")?,
            right_start: attributes.length("right_start")?,
            left_row: attributes.length("left_row")?,
            left_inner: attributes.length("left_inner")?,
            right_inner: attributes.length("right_inner")?,
            right_column: attributes.length("right_column")?,
            row: attributes.length("row")?,
        };
        if layout.left_row != 1 && layout.left_inner != 1 {
            return Err(failure("the left operand must be contiguous along its rows or along its inner axis"));
        }
        if layout.stack_steps.iter().any(|steps| steps.len() != layout.stack.len()) {
            return Err(failure("stack, left_stack, right_stack and result_stack must be of one length"));
        }
        Ok(MatMul { shape: attributes.output_shapes()?.swap_remove(0), layout })
    }

    fn compute(&self, call: &Call) -> Result<(), Failure> {
        let (left, right) = (call.input(0)?.floats()?, call.input(1)?.floats()?);
        let addend = call.inputs.get(2).map(|input| input.floats()).transpose()?;
        let result = call.output::<f32>(0, &self.shape)?;
        self.layout.check(left.len(), right.len(), result.len())?;
        if addend.is_some_and(|row| row.len() != self.layout.columns) {
            return Err(failure("the addend must have one element a column"));
        }
        multiply(&self.layout, left, right, addend, result, call);
        Ok(())
    }
}

impl Layout {
    fn is_empty(&self) -> bool {
        self.rows == 0 || self.columns == 0 || self.stack.contains(&0)
    }

    /// Every element that the product touches lies in its tensor. Lengths and steps are below 2³¹: in 128 bits nothing overflows.
    fn check(&self, left: usize, right: usize, result: usize) -> Result<(), Failure> {
        // Along each axis the last index times its step.
        let last = |start: usize, axes: [(usize, usize); 2], steps: &[usize]| -> u128 {
            let stack = self.stack.iter().copied().zip(steps.iter().copied());
            axes.into_iter().chain(stack).map(|(n, step)| (n as u128 - 1) * step as u128).sum::<u128>() + start as u128
        };
        let [l, r, w] = &self.stack_steps;
        let (rows, columns, inner) = (self.rows, self.columns, self.inner);
        let fits = self.is_empty()
            || self.row >= columns
                && last(0, [(rows, self.row), (columns, 1)], w) < result as u128
                && (inner == 0
                    || last(self.left_start, [(rows, self.left_row), (inner, self.left_inner)], l) < left as u128
                        && last(self.right_start, [(inner, self.right_inner), (columns, self.right_column)], r)
                            < right as u128);
        if fits { Ok(()) } else { Err(failure(format!("the layout does not fit its tensors: {self:?}"))) }
    }

    /// Where matrix `index` starts in left, right and result.
    fn starts(&self, mut index: usize) -> [usize; 3] {
        let mut starts = [self.left_start, self.right_start, 0];
        for (axis, &length) in self.stack.iter().enumerate().rev() {
            for (start, steps) in starts.iter_mut().zip(&self.stack_steps) {
                *start += index % length * steps[axis];
            }
            index /= length;
        }
        starts
    }
}

/// Rows a task takes: a multiple of every tile's.
const ROWS: usize = 96;
/// Rows a task takes where the right operand is packed again for each: a multiple of every tile's.
const TALL: usize = 480;
/// Tasks that a stack of products is cut into at most.
const MOST_TASKS: usize = 64;
/// Multiply-adds that are worth another thread.
const WORTHWHILE: usize = 1 << 16;

pub fn multiply(
    layout: &Layout,
    left: &[f32],
    right: &[f32],
    addend: Option<&[f32]>,
    result: &mut [f32],
    parallel: &dyn Parallel,
) {
    if layout.is_empty() {
        return;
    }
    let count: usize = layout.stack.iter().product();
    let work = layout.rows * layout.columns * layout.inner;
    let product = Product { layout, left, right, addend, result: Pointer(result.as_mut_ptr()) };
    if count >= 8 || work < WORTHWHILE {
        let each = (WORTHWHILE / work.max(1)).max(count / MOST_TASKS).clamp(1, count);
        parallel.run(count.div_ceil(each), &|task| {
            for index in task * each..count.min((task + 1) * each) {
                product.alone(layout.starts(index));
            }
        });
    } else {
        for index in 0..count {
            product.together(layout.starts(index), parallel);
        }
    }
}

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

struct Pointer(*mut f32);
// SAFETY: tasks write to disjoint parts.
unsafe impl Sync for Pointer {}

struct Product<'a> {
    layout: &'a Layout,
    left: &'a [f32],
    right: &'a [f32],
    addend: Option<&'a [f32]>,
    result: Pointer,
}

impl Product<'_> {
    /// One matrix, by several threads.
    fn together(&self, starts: [usize; 3], parallel: &dyn Parallel) {
        let l = self.layout;
        if l.left_inner != 1 {
            return self.by_columns(starts, parallel);
        }
        let panels = Panels::pack(&self.right_from(starts[1]), parallel);
        let grid = Grid::new(l.rows.div_ceil(ROWS), panels.count());
        parallel.run(grid.tasks(), &|task| {
            let (block, range) = grid.task(task);
            self.by_rows(starts, (block * ROWS, l.rows.min((block + 1) * ROWS)), range, &panels);
        });
    }

    /// One matrix of many, by one thread: nothing is gathered or put aside that stays in the caches.
    fn alone(&self, starts: [usize; 3]) {
        let l = self.layout;
        if l.left_inner != 1 && l.inner > DEPTH {
            return self.by_columns(starts, &Sequential);
        }
        let panels = Panels::pack(&self.right_from(starts[1]), &Sequential);
        let all = (0, panels.count());
        for first in (0..l.rows).step_by(ROWS) {
            let rows = (first, l.rows.min(first + ROWS));
            if l.left_inner == 1 {
                self.by_rows(starts, rows, all, &panels);
            } else {
                self.by_short_columns(starts, rows, &panels);
            }
        }
    }

    /// The left operand's rows are contiguous: they are read where they lie. Rows and panels are the caller's alone.
    fn by_rows(&self, [left, _, result]: [usize; 3], rows: (usize, usize), range: (usize, usize), panels: &Panels) {
        let l = self.layout;
        let (first, last) = rows;
        let columns = range.0 * tile().columns;
        // SAFETY: `check` proved that every row lies in its tensor; rows and panels are the caller's alone.
        unsafe {
            self.prepare(result, rows, &range);
            let start = self.left.as_ptr().add(left);
            let groups = (last - first).div_ceil(tile().rows) * tile().rows;
            let pointers: Vec<_> =
                (first..first + groups).map(|row| start.add(row.min(last - 1) * l.left_row)).collect();
            let targets: Vec<_> = (first..last).map(|row| self.result.0.add(result + row * l.row + columns)).collect();
            RowBlock {
                left: &pointers,
                targets: &targets,
                segments: 1,
                length: l.inner,
                right: panels,
                first: 0,
                panels: range,
                first_column: columns,
                accumulate: self.addend.is_some(),
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
            self.prepare(result, rows, &(0, panels.count()));
            let start = self.left.as_ptr().add(left);
            let pointers: Vec<_> = (0..l.inner).map(|k| start.add(k * l.left_inner)).collect();
            for panel in 0..panels.count() {
                ColumnBlock {
                    left: Columns::Scattered(&pointers),
                    rows,
                    right: panels.from(panel, 0),
                    target: self.result.0.add(result + rows.0 * l.row + panel * width),
                    stride: l.row,
                    columns: width.min(l.columns - panel * width),
                    accumulate: self.addend.is_some() || l.inner == 0,
                    ahead: Ahead::NOTHING,
                }
                .compute();
            }
        }
    }

    /// The left operand's columns are contiguous: its tiles are gathered once, the right operand is packed where it is used. Of two
    /// operands that lie alike the smaller is gathered: the product's transpose is computed then.
    fn by_columns(&self, [left, right, result]: [usize; 3], parallel: &dyn Parallel) {
        let of = self.layout;
        let is_turned = of.right_column == 1 && of.columns < of.rows;
        let (left, right) = if is_turned {
            (
                Side::new(self.right, right, of.right_inner, 1, of.columns),
                Side::new(self.left, left, of.left_inner, 1, of.rows),
            )
        } else {
            let (inner, outer) = (of.right_inner, of.right_column);
            (
                Side::new(self.left, left, of.left_inner, 1, of.rows),
                Side::new(self.right, right, inner, outer, of.columns),
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
            if let Some(addend) = self.addend {
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
        let Some(addend) = self.addend else { return };
        for row in sums.columns.0..sums.columns.1 {
            let start = result + row * self.layout.row + sums.rows.0;
            // SAFETY: by this function's contract.
            let places = unsafe { std::slice::from_raw_parts_mut(self.result.0.add(start), sums.rows.1 - sums.rows.0) };
            places.iter_mut().zip(&addend[sums.rows.0..]).for_each(|(place, term)| *place += term);
        }
    }

    fn right_from(&self, start: usize) -> Source<'_, [usize; 1]> {
        let l = self.layout;
        let (inner, outer) = (l.right_inner, l.right_column);
        Source { elements: self.right, bases: [start], length: l.inner, inner, outer, columns: l.columns }
    }

    /// The addend, or zeros where there is nothing to multiply.
    ///
    /// # Safety
    /// Rows and panels are the caller's alone.
    unsafe fn prepare(&self, result: usize, rows: (usize, usize), panels: &(usize, usize)) {
        let l = self.layout;
        if self.addend.is_none() && l.inner > 0 {
            return;
        }
        let width = tile().columns;
        let (from, to) = (panels.0 * width, l.columns.min(panels.1 * width));
        for row in rows.0..rows.1 {
            // SAFETY: `check` proved that the row lies in the result.
            let place =
                unsafe { std::slice::from_raw_parts_mut(self.result.0.add(result + row * l.row + from), to - from) };
            match self.addend {
                Some(addend) => place.copy_from_slice(&addend[from..to]),
                None => place.fill(0.0),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parallel::Threads;

    /// Any layout of one matrix or a stack.
    fn layout(rows: usize, columns: usize, inner: usize, stack: usize, transposed: (bool, bool)) -> Layout {
        let (left_row, left_inner) = if transposed.0 { (1, rows) } else { (inner, 1) };
        let (right_inner, right_column) = if transposed.1 { (1, inner) } else { (columns, 1) };
        let stack_steps = [vec![rows * inner], vec![inner * columns], vec![rows * columns]];
        let stack = vec![stack];
        Layout {
            rows,
            columns,
            inner,
            stack,
            stack_steps,
            left_row,
            left_inner,
            right_inner,
            right_column,
            row: columns,
            ..Layout::default()
        }
    }

    fn numbers(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|i| ((i * 7919 + seed * 104_729) % 2003) as f32 / 1001.5 - 1.0).collect()
    }

    fn expected(l: &Layout, left: &[f32], right: &[f32], addend: Option<&[f32]>) -> Vec<f64> {
        let mut result = Vec::new();
        for index in 0..l.stack[0] {
            let [a, b, _] = l.starts(index);
            for i in 0..l.rows {
                for j in 0..l.columns {
                    let start = addend.map_or(0.0, |row| f64::from(row[j]));
                    result.push((0..l.inner).fold(start, |sum, k| {
                        let x = f64::from(left[a + i * l.left_row + k * l.left_inner]);
                        sum + x * f64::from(right[b + k * l.right_inner + j * l.right_column])
                    }));
                }
            }
        }
        result
    }

    #[test]
    fn products_of_any_shape_are_exact_to_rounding_and_the_same_on_any_number_of_threads() {
        let shapes = [
            (1, 1, 1, 1),
            (1, 17, 5, 1),
            (7, 1, 3, 2),
            (13, 16, 300, 1),
            (97, 33, 65, 1),
            (200, 130, 257, 1),
            (64, 64, 16, 9),
            (5, 3, 0, 2),
            (0, 4, 3, 1),
            (1600, 20, 30, 1),
        ];
        for (rows, columns, inner, stack) in shapes {
            for transposed in [(false, false), (false, true), (true, false), (true, true)] {
                for has_addend in [false, true] {
                    let l = layout(rows, columns, inner, stack, transposed);
                    let (left, right) = (numbers(stack * rows * inner, 1), numbers(stack * inner * columns, 2));
                    let row = numbers(columns, 3);
                    let addend = has_addend.then_some(row.as_slice());
                    l.check(left.len(), right.len(), stack * rows * columns).expect("the layout fits");
                    let run = |parallel: &dyn Parallel| {
                        let mut result = vec![f32::NAN; stack * rows * columns];
                        multiply(&l, &left, &right, addend, &mut result, parallel);
                        result
                    };
                    let one = run(&Sequential);
                    let bound = 1e-6 * (inner as f64 + 4.0);
                    for (got, want) in one.iter().zip(expected(&l, &left, &right, addend)) {
                        assert!((f64::from(*got) - want).abs() <= bound, "{l:?}: {got} for {want}");
                    }
                    let bits = |values: &[f32]| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
                    for threads in [2, 3] {
                        assert_eq!(bits(&run(&Threads(threads))), bits(&one), "{threads} threads, {l:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_layout_that_leaves_its_tensors_is_refused() {
        let l = layout(4, 5, 6, 2, (false, false));
        assert!(l.check(48, 60, 40).is_ok());
        assert!(l.check(47, 60, 40).is_err());
        assert!(l.check(48, 59, 40).is_err());
        assert!(l.check(48, 60, 39).is_err());
        let wraps = Layout { left_row: 1 << 62, left_inner: 1, ..layout(5, 5, 6, 1, (false, false)) }; // 4 · 2⁶² is 0 in 64 bits
        assert!(wraps.check(30, 30, 25).is_err());
        assert!(Layout { row: 4, ..l }.check(48, 60, 40).is_err(), "rows of the result would overlap");
    }
}
