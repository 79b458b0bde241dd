//! Loops over rows as vector code, and reductions in a fixed number of lanes: the same sums wherever a multiply-add is one instruction.

use pulp::{Arch, Simd, WithSimd};

use crate::fused::math::exp;

const LANES: usize = 32;

/// −∞ of an empty row.
#[inline(always)]
pub fn largest(row: &[f32]) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; LANES];
    let (chunks, rest) = row.as_chunks::<LANES>();
    for chunk in chunks {
        for i in 0..LANES {
            lanes[i] = if chunk[i] > lanes[i] { chunk[i] } else { lanes[i] };
        }
    }
    rest.iter().chain(&lanes).fold(f32::NEG_INFINITY, |a, &b| if b > a { b } else { a })
}

/// `exp(scale · x − base)` in place of each x; gives their sum.
#[inline(always)]
pub fn exponentials<const FMA: bool>(row: &mut [f32], scale: f32, base: f32) -> f32 {
    let mut lanes = [0.0_f32; LANES];
    let (chunks, rest) = row.as_chunks_mut::<LANES>();
    for chunk in chunks {
        for i in 0..LANES {
            let value = exp::<FMA>(chunk[i] * scale - base);
            chunk[i] = value;
            lanes[i] += value;
        }
    }
    for (lane, value) in lanes.iter_mut().zip(rest) {
        *value = exp::<FMA>(*value * scale - base);
        *lane += *value;
    }
    total(lanes)
}

/// Σ exp(x − base), and Σ x.
#[inline(always)]
pub fn sums<const FMA: bool>(row: &[f32], base: f32) -> (f32, f32) {
    let (mut lanes, mut plain) = ([0.0_f32; LANES], [0.0_f32; LANES]);
    let (chunks, rest) = row.as_chunks::<LANES>();
    for chunk in chunks {
        for i in 0..LANES {
            lanes[i] += exp::<FMA>(chunk[i] - base);
            plain[i] += chunk[i];
        }
    }
    for (i, value) in rest.iter().enumerate() {
        lanes[i] += exp::<FMA>(*value - base);
        plain[i] += *value;
    }
    (total(lanes), total(plain))
}

#[inline(always)]
pub fn sum(row: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; LANES];
    let (chunks, rest) = row.as_chunks::<LANES>();
    for chunk in chunks {
        for i in 0..LANES {
            lanes[i] += chunk[i];
        }
    }
    lanes.iter_mut().zip(rest).for_each(|(lane, value)| *lane += value);
    total(lanes)
}

#[inline(always)]
fn total(mut lanes: [f32; LANES]) -> f32 {
    let mut width = LANES;
    while width > 1 {
        width /= 2;
        for i in 0..width {
            lanes[i] += lanes[i + width];
        }
    }
    lanes[0]
}

/// Loops to be compiled for each instruction set.
pub trait Loops {
    /// `FMA`: multiply-adds are one instruction.
    fn run<const FMA: bool>(self);
}

/// Runs the loops by the instruction set of this machine.
pub fn vectorized<L: Loops>(loops: L) {
    struct Job<L>(L);
    impl<L: Loops> WithSimd for Job<L> {
        type Output = ();

        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) {
            if const { fuses::<S>() } { self.0.run::<true>() } else { self.0.run::<false>() }
        }
    }
    Arch::new().dispatch(Job(loops));
}

/// The instruction set multiplies and adds in one instruction.
const fn fuses<S: Simd>() -> bool {
    !S::IS_SCALAR || cfg!(target_arch = "aarch64")
}
