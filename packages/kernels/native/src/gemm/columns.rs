//! Products whose left operand is read column by column: for each inner index some contiguous rows. The left operand of a transposed
//! product is such, and a convolution's input in its weight gradient.

use std::ptr::null;

use pulp::{Arch, Simd, WithSimd};

use super::tile::{DEPTH, Sums, Target, beginning, prefetch, store, tile, tile_rows};
use crate::parallel::{Parallel, Shared};
use crate::scratch::Scratch;

/// `target[r, n] (+)= beginning[n] + Σ_k left[k][r] · right[k, n]` for one panel of columns.
pub struct ColumnBlock<'a> {
    pub left: Columns<'a>,
    /// Rows to compute, from … to; `from` is a multiple of MR where the left operand is gathered.
    pub rows: (usize, usize),
    /// A packed panel: NR floats an inner index.
    pub right: &'a [f32],
    /// NR floats; None: 0.
    pub beginning: Option<&'a [f32]>,
    /// Row `rows.0` of the result, first column of the panel.
    pub target: *mut f32,
    /// Floats from one row of the result to the next.
    pub stride: usize,
    /// Columns of the panel that are there.
    pub columns: usize,
    pub accumulate: bool,
    /// What is packed next: it arrives while this is computed.
    pub ahead: Ahead,
}

/// Lines of memory, `step` floats apart.
#[derive(Clone, Copy)]
pub struct Ahead {
    pub start: *const f32,
    pub step: usize,
    pub count: usize,
}

impl Ahead {
    pub const NOTHING: Ahead = Ahead { start: null(), step: 0, count: 0 };

    /// Asks for lines from … to.
    #[inline(always)]
    fn ask(&self, from: usize, to: usize) {
        #[cfg(target_arch = "x86_64")]
        for line in from..to.min(self.count) {
            use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};
            // SAFETY: a prefetch reads nothing, wherever it points.
            unsafe { _mm_prefetch::<_MM_HINT_T1>(self.start.wrapping_add(line * self.step).cast()) };
        }
        #[cfg(not(target_arch = "x86_64"))]
        let _ = (from, to);
    }
}

#[derive(Clone, Copy)]
pub enum Columns<'a> {
    /// For each inner index a pointer to its row 0.
    Scattered(&'a [*const f32]),
    /// Inner indices from … to, of one block of DEPTH.
    Gathered(&'a Gathered, (usize, usize)),
}

impl Columns<'_> {
    fn depth(&self) -> usize {
        match self {
            Columns::Scattered(pointers) => pointers.len(),
            Columns::Gathered(_, (from, to)) => to - from,
        }
    }
}

impl ColumnBlock<'_> {
    /// # Safety
    /// Every pointer of the left operand is valid for rows up to `rows.1`, and `target` for the rows and columns, used by nobody else.
    pub unsafe fn compute(self) {
        assert!(self.right.len() >= self.left.depth() * tile().columns);
        Arch::new().dispatch(self);
    }
}

impl WithSimd for ColumnBlock<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        if const { tile_rows::<S>() == 12 } { run::<S, 12>(simd, &self) } else { run::<S, 6>(simd, &self) }
    }
}

#[inline(always)]
fn run<S: Simd, const MR: usize>(simd: S, block: &ColumnBlock) {
    let (mut row, to) = block.rows;
    match block.left {
        Columns::Gathered(gathered, (start, _)) => {
            let each = block.ahead.count.div_ceil((to - row).div_ceil(MR).max(1));
            let mut line = 0;
            while row < to {
                block.ahead.ask(line, line + each);
                line += each;
                let left = gathered.tile(row / MR, start).as_ptr();
                tile_of::<S, MR, true>(simd, block, row, MR.min(to - row), left);
                row += MR;
            }
        }
        Columns::Scattered(_) => {
            while row + MR <= to {
                row += tile_of::<S, MR, false>(simd, block, row, MR, null());
            }
            while row < to {
                row += match to - row {
                    1 => tile_of::<S, 1, false>(simd, block, row, 1, null()),
                    2 => tile_of::<S, 2, false>(simd, block, row, 2, null()),
                    3 => tile_of::<S, 3, false>(simd, block, row, 3, null()),
                    4 => tile_of::<S, 4, false>(simd, block, row, 4, null()),
                    5 => tile_of::<S, 5, false>(simd, block, row, 5, null()),
                    _ => tile_of::<S, 6, false>(simd, block, row, 6, null()),
                };
            }
        }
    }
}

/// A tile of R rows from `row` on, of which `rows` are there. Says R.
#[inline(always)]
fn tile_of<S: Simd, const R: usize, const GATHERED: bool>(
    simd: S,
    block: &ColumnBlock,
    row: usize,
    rows: usize,
    gathered: *const f32,
) -> usize {
    let start = row - block.rows.0;
    // SAFETY: by `compute`'s contract; rows that are not there get no place of their own.
    let pointers: [*mut f32; R] =
        std::array::from_fn(|i| unsafe { block.target.add((start + i.min(rows - 1)) * block.stride) });
    let target =
        Target { pointers: &pointers[..rows], offset: 0, columns: block.columns, accumulate: block.accumulate };
    let scattered = if let Columns::Scattered(pointers) = block.left { pointers } else { &[] };
    // SAFETY: by `compute`'s contract.
    unsafe { prefetch(&target) };
    // Compiled on its own, so that the sums stay in registers.
    let (depth, right, beginning) = (block.left.depth(), block.right.as_ptr(), block.beginning);
    if block.columns > S::F32_LANES {
        simd.vectorize(ColumnTile::<R, 2, GATHERED> { depth, scattered, row, gathered, right, beginning, target });
    } else {
        simd.vectorize(ColumnTile::<R, 1, GATHERED> { depth, scattered, row, gathered, right, beginning, target });
    }
    R
}

/// Pointers are valid by `compute`'s contract.
///
/// `VECTORS`: of the panel's two those that hold columns.
struct ColumnTile<'a, const R: usize, const VECTORS: usize, const GATHERED: bool> {
    depth: usize,
    scattered: &'a [*const f32],
    row: usize,
    /// R floats an inner index.
    gathered: *const f32,
    /// NR floats an inner index.
    right: *const f32,
    beginning: Option<&'a [f32]>,
    target: Target<'a>,
}

impl<const R: usize, const VECTORS: usize, const GATHERED: bool> WithSimd for ColumnTile<'_, R, VECTORS, GATHERED> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let lanes = S::F32_LANES;
        let (first, second) = beginning(simd, self.beginning);
        let mut sums: Sums<S::f32s, R> = [[first, second]; R];
        let (mut right, mut gathered) = (self.right, self.gathered);
        for k in 0..self.depth {
            // SAFETY: by `compute`'s contract and its assertion.
            unsafe {
                let rows = if GATHERED { gathered } else { self.scattered.get_unchecked(k).add(self.row) };
                if GATHERED {
                    gathered = gathered.add(R);
                }
                let first = right.cast::<S::f32s>().read_unaligned();
                let second = right.add(lanes).cast::<S::f32s>().read_unaligned();
                right = right.add(2 * lanes);
                for i in 0..R {
                    let factor = simd.splat_f32s(*rows.add(i));
                    sums[i][0] = simd.mul_add_f32s(factor, first, sums[i][0]);
                    if VECTORS == 2 {
                        sums[i][1] = simd.mul_add_f32s(factor, second, sums[i][1]);
                    }
                }
            }
        }
        // SAFETY: by `compute`'s contract.
        unsafe { store::<S, R, VECTORS>(simd, &sums, &self.target) };
    }
}

/// A left operand whose tiles' rows lie side by side: for each block of DEPTH inner indices and each tile of MR rows, MR floats an
/// inner index.
pub struct Gathered {
    memory: Scratch,
    tiles: usize,
}

impl Gathered {
    /// Of a matrix [depth, rows] whose rows of `rows` floats are `step` apart.
    pub fn new(elements: &[f32], step: usize, depth: usize, rows: usize, parallel: &dyn Parallel) -> Self {
        /// Rows read side by side: they may lie so far apart that more would not stay in the first-level cache.
        const TOGETHER: usize = 8;
        let height = tile().rows;
        let tiles = rows.div_ceil(height);
        let mut memory = Scratch::new(tiles * depth.next_multiple_of(DEPTH) * height);
        let shared = Shared::new(&mut memory);
        parallel.run(depth.div_ceil(TOGETHER), &|task| {
            let (from, depth) = (task * TOGETHER, TOGETHER.min(depth - task * TOGETHER));
            assert!((from + depth - 1) * step + rows <= elements.len(), "a gathered operand must lie in its tensor");
            // The places of these inner indices, which lie in one block, are this task's alone.
            let (from, to) = (elements[from * step..].as_ptr(), shared.pointer(place(tiles, 0, from) * height));
            Arch::new().dispatch(Gathering { from, step, depth, rows, to });
        });
        Gathered { memory, tiles }
    }

    /// From inner index `k` on, to the end of its block.
    fn tile(&self, index: usize, k: usize) -> &[f32] {
        &self.memory[place(self.tiles, index, k) * tile().rows..]
    }
}

/// `depth` inner indices, of one block, to their places in every tile.
struct Gathering {
    from: *const f32,
    step: usize,
    depth: usize,
    rows: usize,
    to: *mut f32,
}

impl WithSimd for Gathering {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        // SAFETY: `Gathered::new` proved that the rows lie in their tensor and has a place for each tile.
        unsafe { if const { tile_rows::<S>() == 12 } { self.run::<12>() } else { self.run::<6>() } }
    }
}

impl Gathering {
    #[inline(always)]
    unsafe fn run<const MR: usize>(self) {
        let whole = self.rows / MR;
        for tile in 0..self.rows.div_ceil(MR) {
            for k in 0..self.depth {
                // SAFETY: by this function's contract.
                unsafe {
                    let from = self.from.add(k * self.step + tile * MR);
                    let to = self.to.add((tile * DEPTH + k) * MR);
                    if tile < whole {
                        to.cast::<[f32; MR]>().write_unaligned(from.cast::<[f32; MR]>().read_unaligned());
                    } else {
                        for i in 0..MR {
                            *to.add(i) = if tile * MR + i < self.rows { *from.add(i) } else { 0.0 };
                        }
                    }
                }
            }
        }
    }
}

fn place(tiles: usize, tile: usize, k: usize) -> usize {
    (k / DEPTH * tiles + tile) * DEPTH + k % DEPTH
}
