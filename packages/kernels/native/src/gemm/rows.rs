//! Products whose left operand is read row by row: each row is a chain of segments of equal length, each contiguous.
//! A row of a matrix is one segment; a pixel of a convolution has one a tap.

use pulp::{Arch, Simd, WithSimd};

use super::copies::{Copies, WORTH_COPYING, clash};
use super::panels::Panels;
use super::tile::{DEPTH, Sums, Target, beginning, prefetch, store, tile_rows};

/// Rows of a product and the panels they meet: `targets[r][n] (+)= beginning[n] + Σ left[r, k] · right[k, n]`.
pub struct RowBlock<'a> {
    /// For each group of MR rows: segments × MR pointers to `length` floats. Rows that are not there point anywhere valid.
    pub left: &'a [*const f32],
    /// One a row.
    pub targets: &'a [*mut f32],
    pub segments: usize,
    pub length: usize,
    pub right: &'a Panels,
    /// Inner index of the panels that the first segment meets.
    pub first: usize,
    /// Panels to compute, from … to.
    pub panels: (usize, usize),
    /// Column of the targets' first float.
    pub first_column: usize,
    /// Add to what the targets hold.
    pub accumulate: bool,
}

impl RowBlock<'_> {
    /// # Safety
    /// `left` holds valid pointers for every group of rows, targets are valid for the panels' columns and used by nobody else.
    pub unsafe fn compute(self) {
        Arch::new().dispatch(self);
    }

    /// Where the inner index is cut: (segments from … to, inside a segment from … to).
    fn cuts(&self) -> impl Iterator<Item = ((usize, usize), (usize, usize))> + use<> {
        let (segments, length) = (self.segments, self.length);
        let parts = length.div_ceil(DEPTH).max(1);
        let part = length.div_ceil(parts);
        let together = if parts > 1 { 1 } else { (DEPTH / length.max(1)).max(1) };
        let together = segments.div_ceil(segments.div_ceil(together)); // as equal as can be
        (0..segments).step_by(together).flat_map(move |first| {
            let last = segments.min(first + together);
            (0..parts).map(move |p| ((first, last), (p * part, length.min((p + 1) * part))))
        })
    }

    /// Room for copies of the rows, where they clash and meet so many columns that copies cost little.
    fn copies(&self, height: usize, columns: usize) -> Option<Copies> {
        let is_worth = columns >= WORTH_COPYING && self.length > 0 && clash(&self.left[..height.min(self.left.len())]);
        is_worth.then(|| {
            let longest = self.cuts().map(|((first, last), (from, to))| (last - first) * (to - from)).max();
            Copies::new(self.targets.len().next_multiple_of(height), longest.unwrap_or(0))
        })
    }
}

impl WithSimd for RowBlock<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        if const { tile_rows::<S>() == 12 } { run::<S, 12>(simd, &self) } else { run::<S, 6>(simd, &self) }
    }
}

/// Floats of a result that stay in the second-level cache while the inner index runs on.
const STAYING: usize = 32_768;

#[inline(always)]
fn run<S: Simd, const MR: usize>(simd: S, block: &RowBlock) {
    let width = 2 * S::F32_LANES;
    let (from, to) = block.panels;
    let together = (STAYING / (width * block.targets.len()).max(1)).max(1);
    let mut copies = block.copies(MR, together.min(to - from) * width);
    for start in (from..to).step_by(together) {
        let panels = start..to.min(start + together);
        let (mut accumulate, mut begins) = (block.accumulate, true);
        for ((first, last), (start, end)) in block.cuts() {
            if let Some(copies) = &mut copies {
                // SAFETY: by `compute`'s contract.
                unsafe { copies.fill(block.left, (MR, block.segments), (first, last), (start, end)) };
            }
            for panel in panels.clone() {
                let right = block.right.from(panel, block.first + first * block.length + start);
                let beginning = if begins { block.right.beginning(panel) } else { None };
                let offset = panel * width - block.first_column;
                let columns = width.min(block.right.columns - panel * width);
                for (group, targets) in block.targets.chunks(MR).enumerate() {
                    let (left, start, length) = match &copies {
                        Some(copies) => (copies.group(group, MR), 0, (last - first) * (end - start)),
                        None => {
                            let base = group * block.segments * MR;
                            (&block.left[base + first * MR..base + last * MR], start, end - start)
                        }
                    };
                    let target = Target { pointers: targets, offset, columns, accumulate };
                    // SAFETY: by `compute`'s contract.
                    unsafe { prefetch(&target) };
                    // Compiled on its own, so that the sums stay in registers.
                    if columns > S::F32_LANES {
                        simd.vectorize(GroupTile::<MR, 2> { left, start, length, right, beginning, target });
                    } else {
                        simd.vectorize(GroupTile::<MR, 1> { left, start, length, right, beginning, target });
                    }
                }
            }
            (accumulate, begins) = (true, false);
        }
    }
}

/// One group of rows and one panel. Pointers are valid by `compute`'s contract.
///
/// `VECTORS`: of the panel's two those that hold columns.
struct GroupTile<'a, const MR: usize, const VECTORS: usize> {
    /// Segments × MR.
    left: &'a [*const f32],
    start: usize,
    length: usize,
    right: &'a [f32],
    /// None: 0.
    beginning: Option<&'a [f32]>,
    target: Target<'a>,
}

impl<const MR: usize, const VECTORS: usize> WithSimd for GroupTile<'_, MR, VECTORS> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let lanes = S::F32_LANES;
        let (first, second) = beginning(simd, self.beginning);
        let mut sums: Sums<S::f32s, MR> = [[first, second]; MR];
        assert!(self.right.len() >= self.left.len() / MR * self.length * 2 * lanes);
        let mut right = self.right.as_ptr();
        for pointers in self.left.chunks_exact(MR) {
            // SAFETY: left by `compute`'s contract, right by the assertion.
            unsafe {
                let rows: [*const f32; MR] = std::array::from_fn(|i| pointers[i].add(self.start));
                for k in 0..self.length {
                    let first = right.cast::<S::f32s>().read_unaligned();
                    let second = right.add(lanes).cast::<S::f32s>().read_unaligned();
                    right = right.add(2 * lanes);
                    for i in 0..MR {
                        let factor = simd.splat_f32s(*rows[i].add(k));
                        sums[i][0] = simd.mul_add_f32s(factor, first, sums[i][0]);
                        if VECTORS == 2 {
                            sums[i][1] = simd.mul_add_f32s(factor, second, sums[i][1]);
                        }
                    }
                }
            }
        }
        // SAFETY: by `compute`'s contract.
        unsafe { store::<S, MR, VECTORS>(simd, &sums, &self.target) };
    }
}
