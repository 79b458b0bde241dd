//! Copying operands into the order in which products read them, by whole vectors.

use pulp::{Arch, Simd, WithSimd};

use super::panels::Source;
use super::tile::tile;

/// Columns of a right operand from `first` on, into panels of NR columns one behind the other: NR floats an inner index, the last
/// panel filled up with zeros.
pub fn pack<B: AsRef<[usize]>>(source: &Source<B>, first: usize, columns: usize, target: &mut [f32]) {
    let size = source.depth() * tile().columns;
    if size * columns == 0 {
        return;
    }
    assert!(first + columns <= source.columns, "columns must be the operand's");
    assert!(source.last() < source.elements.len(), "a packed operand must lie in its tensor");
    assert!(target.len() >= columns.div_ceil(tile().columns) * size, "panels must have their places");
    Arch::new().dispatch(Packing { source, first, columns, target: target.as_mut_ptr() });
}

/// Its elements are valid by `pack`'s assertions.
struct Packing<'a, B> {
    source: &'a Source<'a, B>,
    first: usize,
    columns: usize,
    target: *mut f32,
}

impl<B: AsRef<[usize]>> WithSimd for Packing<'_, B> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let s = self.source;
        let width = 2 * S::F32_LANES;
        let size = s.depth() * width;
        for (segment, &base) in s.bases.as_ref().iter().enumerate() {
            // SAFETY: by `pack`'s assertions.
            let (from, to) = unsafe {
                (s.elements.as_ptr().add(base + self.first * s.outer), self.target.add(segment * s.length * width))
            };
            if s.outer == 1 {
                // SAFETY: by `pack`'s assertions.
                unsafe { copy_rows(simd, (from, s.inner), s.length, self.columns, (to, size)) };
                continue;
            }
            for panel in 0..self.columns.div_ceil(width) {
                let columns = width.min(self.columns - panel * width);
                // SAFETY: by `pack`'s assertions.
                unsafe {
                    let (from, to) = (from.add(panel * width * s.outer), to.add(panel * size));
                    if columns < width {
                        std::slice::from_raw_parts_mut(to, s.length * width).fill(0.0);
                    }
                    if s.inner == 1 {
                        transpose((from, s.outer), (columns, s.length), (to, width));
                    } else {
                        copy_each(from, [s.inner, s.outer], [s.length, columns], (to, width));
                    }
                }
            }
        }
    }
}

/// Rows that are contiguous.
///
/// # Safety
/// `length` rows of `columns` floats can be read from `from`, and written to panels from `to`, a step apart each.
#[inline(always)]
unsafe fn copy_rows<S: Simd>(
    simd: S,
    (from, step): (*const f32, usize),
    length: usize,
    columns: usize,
    (to, size): (*mut f32, usize),
) {
    /// Panels read together: memory comes in longer pieces.
    const TOGETHER: usize = 4;
    let lanes = S::F32_LANES;
    let width = 2 * lanes;
    let whole = columns / width;
    for first in (0..whole).step_by(TOGETHER) {
        let last = whole.min(first + TOGETHER);
        for k in 0..length {
            for panel in first..last {
                // SAFETY: by this function's contract.
                unsafe {
                    let (row, place) = (from.add(k * step + panel * width), to.add(panel * size + k * width));
                    let pair =
                        [row.cast::<S::f32s>().read_unaligned(), row.add(lanes).cast::<S::f32s>().read_unaligned()];
                    place.cast::<S::f32s>().write_unaligned(pair[0]);
                    place.add(lanes).cast::<S::f32s>().write_unaligned(pair[1]);
                }
            }
        }
    }
    let rest = columns - whole * width;
    if rest == 0 {
        return;
    }
    for k in 0..length {
        // SAFETY: by this function's contract.
        unsafe {
            let row = std::slice::from_raw_parts(from.add(k * step + whole * width), rest);
            let (left, right) = row.split_at(rest.min(lanes));
            let place = to.add(whole * size + k * width);
            place.cast::<S::f32s>().write_unaligned(simd.partial_load_f32s(left));
            place.add(lanes).cast::<S::f32s>().write_unaligned(simd.partial_load_f32s(right));
        }
    }
}

/// `to[j · to_step + i] = from[i · from_step + j]`, i below `count.0`, j below `count.1`.
///
/// # Safety
/// All of these can be read and written.
#[inline(always)]
pub unsafe fn transpose(
    (from, from_step): (*const f32, usize),
    count: (usize, usize),
    (to, to_step): (*mut f32, usize),
) {
    /// Floats of a row that are turned before the next rows: their places stay in the first-level cache.
    const LENGTH: usize = 128;
    let whole = (count.0 - count.0 % SIDE, count.1 - count.1 % SIDE);
    for start in (0..whole.1).step_by(LENGTH) {
        for i in (0..whole.0).step_by(SIDE) {
            for j in (start..whole.1.min(start + LENGTH)).step_by(SIDE) {
                // SAFETY: by this function's contract.
                unsafe {
                    transpose_square((from.add(i * from_step + j), from_step), (to.add(j * to_step + i), to_step))
                };
            }
        }
    }
    // SAFETY: by this function's contract.
    unsafe {
        let (below, beside) = (count.0 - whole.0, count.1 - whole.1);
        copy_each(from.add(whole.1), [1, from_step], [beside, whole.0], (to.add(whole.1 * to_step), to_step));
        copy_each(from.add(whole.0 * from_step), [1, from_step], [count.1, below], (to.add(whole.0), to_step));
    }
}

/// Rows and columns that are turned in registers.
const SIDE: usize = 4;

/// # Safety
/// A square can be read and written.
#[inline(always)]
unsafe fn transpose_square((from, from_step): (*const f32, usize), (to, to_step): (*mut f32, usize)) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: by this function's contract; every x86-64 has these instructions.
    unsafe {
        use std::arch::x86_64::{_MM_TRANSPOSE4_PS, _mm_loadu_ps, _mm_storeu_ps};
        let [mut a, mut b, mut c, mut d] = std::array::from_fn(|row| _mm_loadu_ps(from.add(row * from_step)));
        _MM_TRANSPOSE4_PS(&mut a, &mut b, &mut c, &mut d);
        for (column, values) in [a, b, c, d].into_iter().enumerate() {
            _mm_storeu_ps(to.add(column * to_step), values);
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    // SAFETY: by this function's contract.
    unsafe {
        let rows: [[f32; SIDE]; SIDE] =
            std::array::from_fn(|row| from.add(row * from_step).cast::<[f32; SIDE]>().read_unaligned());
        for column in 0..SIDE {
            let values: [f32; SIDE] = std::array::from_fn(|row| rows[row][column]);
            to.add(column * to_step).cast::<[f32; SIDE]>().write_unaligned(values);
        }
    }
}

/// `to[k · step + n] = from[k · steps[0] + n · steps[1]]`.
///
/// # Safety
/// All of these can be read and written.
#[inline(always)]
unsafe fn copy_each(from: *const f32, steps: [usize; 2], count: [usize; 2], (to, step): (*mut f32, usize)) {
    for k in 0..count[0] {
        for n in 0..count[1] {
            // SAFETY: by this function's contract.
            unsafe { *to.add(k * step + n) = *from.add(k * steps[0] + n * steps[1]) };
        }
    }
}
