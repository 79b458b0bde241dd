//! Some rows of a product whose inner index is short: its sums never leave the registers.

use pulp::{Arch, Simd, WithSimd};

use super::ROWS;

/// `target[r][n] = factors[r] · Σ_k left[r][k] · right[k][n]`.
pub struct Product<'a> {
    /// First element, and the floats from one row and from one inner index to the next.
    pub left: (*const f32, usize, usize),
    /// Panels of two vectors of columns, the last filled up: the first one, and the floats from one to the next.
    pub right: (*const f32, usize),
    /// Inner indices.
    pub length: usize,
    /// First element, and the floats from one row to the next.
    pub target: (*mut f32, usize),
    pub rows: usize,
    pub columns: usize,
    /// Rows of the target have room for whole vectors.
    pub roomy: bool,
    /// None: 1.
    pub factors: Option<&'a [f32; ROWS]>,
}

impl Product<'_> {
    /// # Safety
    /// All that this names can be read, or written by nobody else.
    pub unsafe fn compute(self) {
        Arch::new().dispatch(self);
    }
}

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        match self.rows {
            0 => {}
            1 => run::<S, 1>(simd, &self),
            2 => run::<S, 2>(simd, &self),
            3 => run::<S, 3>(simd, &self),
            4 => run::<S, 4>(simd, &self),
            5 => run::<S, 5>(simd, &self),
            6 => run::<S, 6>(simd, &self),
            7 => run::<S, 7>(simd, &self),
            8 => run::<S, 8>(simd, &self),
            9 => run::<S, 9>(simd, &self),
            10 => run::<S, 10>(simd, &self),
            11 => run::<S, 11>(simd, &self),
            _ => run::<S, ROWS>(simd, &self),
        }
    }
}

#[inline(always)]
fn run<S: Simd, const R: usize>(simd: S, product: &Product) {
    if const { R > crate::gemm::tile_rows::<S>() } {
        return; // no instruction set gets more rows than its tile has
    }
    simd.vectorize(Rows::<R>(product));
}

/// Compiled for its number of rows, so that sums stay in registers.
struct Rows<'a, const R: usize>(&'a Product<'a>);

impl<const R: usize> WithSimd for Rows<'_, R> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (columns, lanes) = (self.0.columns, S::F32_LANES);
        for first in (0..columns).step_by(2 * lanes) {
            // SAFETY: by `compute`'s contract.
            unsafe {
                if columns - first > lanes {
                    tile::<S, R, 2>(simd, self.0, first);
                } else {
                    tile::<S, R, 1>(simd, self.0, first);
                }
            }
        }
    }
}

/// V vectors of columns from `first` on.
///
/// # Safety
/// By `Product::compute`'s contract.
#[inline(always)]
unsafe fn tile<S: Simd, const R: usize, const V: usize>(simd: S, product: &Product, first: usize) {
    let lanes = S::F32_LANES;
    let (left, row, inner) = product.left;
    let mut sums = [[simd.splat_f32s(0.0); V]; R];
    // SAFETY: by this function's contract.
    unsafe {
        let rows: [*const f32; R] = std::array::from_fn(|i| left.wrapping_add(i * row));
        let mut right = product.right.0.wrapping_add(first / (2 * lanes) * product.right.1);
        let mut at = 0;
        for _ in 0..product.length {
            let vectors: [S::f32s; V] =
                std::array::from_fn(|v| right.add(v * lanes).cast::<S::f32s>().read_unaligned());
            right = right.wrapping_add(2 * lanes);
            for i in 0..R {
                let factor = simd.splat_f32s(*rows[i].add(at));
                for v in 0..V {
                    sums[i][v] = simd.mul_add_f32s(factor, vectors[v], sums[i][v]);
                }
            }
            at += inner;
        }
        if let Some(factors) = product.factors {
            for i in 0..R {
                for v in 0..V {
                    sums[i][v] = simd.mul_f32s(sums[i][v], simd.splat_f32s(factors[i]));
                }
            }
        }
        let whole = product.roomy || product.columns - first >= V * lanes;
        for i in 0..R {
            let place = product.target.0.add(i * product.target.1 + first);
            for v in 0..V {
                let place = place.add(v * lanes);
                if whole || v + 1 < V {
                    place.cast::<S::f32s>().write_unaligned(sums[i][v]);
                } else {
                    let columns = product.columns - first - v * lanes;
                    simd.partial_store_f32s(std::slice::from_raw_parts_mut(place, columns), sums[i][v]);
                }
            }
        }
    }
}
