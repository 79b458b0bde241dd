//! The size of the tile that fits the registers of this machine.

use std::sync::OnceLock;

use pulp::{Arch, Simd, WithSimd};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tile {
    /// MR
    pub rows: usize,
    /// NR: two vectors.
    pub columns: usize,
}

/// Inner indices taken at a time: a panel of them stays in the first-level cache.
pub const DEPTH: usize = 256;

/// 16 registers of 8 floats hold 6 × 16, with room for two vectors of B and one of A; 32 registers hold 12 rows.
pub const fn tile_rows<S: Simd>() -> usize {
    if S::F32_LANES == 16 || cfg!(target_arch = "aarch64") { 12 } else { 6 }
}

/// The tile of the instruction set that dispatch will choose.
pub fn tile() -> Tile {
    struct Ask;
    impl WithSimd for Ask {
        type Output = Tile;
        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) -> Tile {
            Tile { rows: tile_rows::<S>(), columns: 2 * S::F32_LANES }
        }
    }
    static TILE: OnceLock<Tile> = OnceLock::new();
    *TILE.get_or_init(|| Arch::new().dispatch(Ask))
}

/// Sums of a tile of MR rows and two vectors of columns.
pub type Sums<V, const MR: usize> = [[V; 2]; MR];

/// What the sums of each of a tile's rows begin with: NR floats; None: 0.
#[inline(always)]
pub fn beginning<S: Simd>(simd: S, terms: Option<&[f32]>) -> (S::f32s, S::f32s) {
    let Some(terms) = terms else { return (simd.splat_f32s(0.0), simd.splat_f32s(0.0)) };
    assert!(terms.len() >= 2 * S::F32_LANES);
    let vectors = terms.as_ptr().cast::<S::f32s>();
    // SAFETY: by the assertion.
    unsafe { (vectors.read_unaligned(), vectors.add(1).read_unaligned()) }
}

/// Where a tile's sums go: `rows` rows of `columns` floats from the given pointers.
pub struct Target<'a> {
    pub pointers: &'a [*mut f32],
    pub offset: usize,
    pub columns: usize,
    /// Add to what is there.
    pub accumulate: bool,
}

/// # Safety
/// Every pointer is valid for `columns` floats from `offset` on, and nothing else uses them meanwhile.
#[inline(always)]
pub unsafe fn store<S: Simd, const MR: usize, const VECTORS: usize>(
    simd: S,
    sums: &Sums<S::f32s, MR>,
    target: &Target,
) {
    let lanes = S::F32_LANES;
    if VECTORS == 1 {
        // SAFETY: by this function's contract.
        unsafe { store_first::<S, MR>(simd, &std::array::from_fn(|i| sums[i][0]), target) };
        return;
    }
    // Loops over 12 rows are not unrolled: sums that they address would be stored at every inner index, so they get a copy.
    let copy;
    let sums = if S::F32_LANES == 16 {
        copy = std::hint::black_box(*sums);
        &copy
    } else {
        sums
    };
    if target.pointers.len() == MR && target.columns == 2 * lanes {
        // SAFETY: by this function's contract.
        unsafe { store_whole(simd, sums, target) };
        return;
    }
    // The index runs over all rows, so that it is known while compiling: sums that are addressed would live in memory.
    for i in 0..MR {
        if i >= target.pointers.len() {
            break;
        }
        let pair: [S::f32s; 2] = [sums[i][0], sums[i][1]];
        // SAFETY: by this function's contract; full vectors are only touched where `columns` allows them.
        unsafe {
            let row = target.pointers[i].add(target.offset);
            if target.columns == 2 * lanes {
                let (left, right) = (row.cast::<S::f32s>(), row.add(lanes).cast::<S::f32s>());
                if target.accumulate {
                    left.write_unaligned(simd.add_f32s(left.read_unaligned(), pair[0]));
                    right.write_unaligned(simd.add_f32s(right.read_unaligned(), pair[1]));
                } else {
                    left.write_unaligned(pair[0]);
                    right.write_unaligned(pair[1]);
                }
            } else {
                let narrow = std::slice::from_raw_parts((&raw const pair).cast::<f32>(), target.columns);
                for (j, &sum) in narrow.iter().enumerate() {
                    let before = if target.accumulate { *row.add(j) } else { 0.0 };
                    *row.add(j) = before + sum;
                }
            }
        }
    }
}

/// One vector a row, of which all or some columns are there.
///
/// # Safety
/// As `store`'s.
#[inline(always)]
unsafe fn store_first<S: Simd, const MR: usize>(simd: S, sums: &[S::f32s; MR], target: &Target) {
    let sums = std::hint::black_box(*sums); // as in `store`
    for (pointer, sum) in target.pointers.iter().zip(&sums) {
        // SAFETY: by this function's contract; a whole vector is only touched where `columns` allows it.
        unsafe {
            let row = pointer.add(target.offset);
            if target.columns == S::F32_LANES {
                let place = row.cast::<S::f32s>();
                let sum = if target.accumulate { simd.add_f32s(place.read_unaligned(), *sum) } else { *sum };
                place.write_unaligned(sum);
            } else {
                let places = std::slice::from_raw_parts_mut(row, target.columns);
                let sums = std::slice::from_raw_parts((&raw const *sum).cast::<f32>(), target.columns);
                for (place, sum) in places.iter_mut().zip(sums) {
                    *place = if target.accumulate { *place + sum } else { *sum };
                }
            }
        }
    }
}

/// All rows and columns are there.
///
/// # Safety
/// As `store`'s.
#[inline(always)]
unsafe fn store_whole<S: Simd, const MR: usize>(simd: S, sums: &Sums<S::f32s, MR>, target: &Target) {
    for i in 0..MR {
        // SAFETY: by this function's contract.
        unsafe {
            let left = target.pointers.get_unchecked(i).add(target.offset).cast::<S::f32s>();
            let right = left.add(1);
            if target.accumulate {
                left.write_unaligned(simd.add_f32s(left.read_unaligned(), sums[i][0]));
                right.write_unaligned(simd.add_f32s(right.read_unaligned(), sums[i][1]));
            } else {
                left.write_unaligned(sums[i][0]);
                right.write_unaligned(sums[i][1]);
            }
        }
    }
}

/// Asks for the rows that a tile will write to: they arrive while it computes.
///
/// # Safety
/// As `store`'s.
#[inline(always)]
pub unsafe fn prefetch(target: &Target) {
    #[cfg(target_arch = "x86_64")]
    for pointer in target.pointers {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a prefetch of a valid place.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(pointer.add(target.offset).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = target;
}

/// Copies `columns` floats and fills up with zeros. Whole vectors are copied without a call.
#[inline(always)]
pub fn copy_filled(from: &[f32], columns: usize, to: &mut [f32]) {
    match (columns, to.len()) {
        (6, 6) => copy::<6>(from, to),
        (8, 8) => copy::<8>(from, to),
        (12, 12) => copy::<12>(from, to),
        (16, 16) => copy::<16>(from, to),
        (32, 32) => copy::<32>(from, to),
        _ => {
            to[..columns].copy_from_slice(&from[..columns]);
            to[columns..].fill(0.0);
        }
    }
}

#[inline(always)]
fn copy<const N: usize>(from: &[f32], to: &mut [f32]) {
    let values: &[f32; N] = from[..N].try_into().expect("as many floats");
    let places: &mut [f32; N] = to.try_into().expect("as many places");
    *places = *values;
}
