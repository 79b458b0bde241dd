//! Exponentials and their kin, free of branches and calls so that loops over them become vector code.
//!
//! `FMA` says that the processor multiplies and adds in one instruction; without it `mul_add` would call a library.
#![allow(clippy::excessive_precision)]

#[inline(always)]
pub fn fma<const FMA: bool>(a: f32, b: f32, c: f32) -> f32 {
    if FMA { a.mul_add(b, c) } else { a * b + c }
}

/// Adding it leaves the nearest whole number in the lowest bits.
const ROUNDER: f32 = 12_582_912.0; // 1.5 · 2²³

/// eˣ by 2ⁿ · eʳ, |r| ≤ ½ ln 2. Moshier, Cephes, expf.c.
#[inline(always)]
pub fn exp<const FMA: bool>(x: f32) -> f32 {
    let x = if x > 89.0 { 89.0 } else { x }; // beyond, the result is ∞ (and 0) anyway; NaN stays
    let x = if x < -104.0 { -104.0 } else { x };
    let shifted = fma::<FMA>(x, std::f32::consts::LOG2_E, ROUNDER);
    let p = mantissa::<FMA>(x, shifted - ROUNDER);
    // In two factors: 2ⁿ alone would leave the range of normal numbers.
    let whole = (shifted.to_bits() as i32).wrapping_sub(ROUNDER.to_bits() as i32);
    let half = whole >> 1;
    p * power_of_two(half) * power_of_two(whole.wrapping_sub(half))
}

/// eˣ / 2ⁿ. Terms in pairs: a processor waits for the longest chain.
#[inline(always)]
fn mantissa<const FMA: bool>(x: f32, n: f32) -> f32 {
    let r = fma::<FMA>(n, -0.693_359_375, x);
    let r = fma::<FMA>(n, 2.121_944_4e-4, r);
    let s = r * r;
    let p = fma::<FMA>(1.987_569_15e-4, r, 1.398_199_95e-3);
    let p = fma::<FMA>(p, s, fma::<FMA>(8.333_451_91e-3, r, 4.166_579_59e-2));
    let p = fma::<FMA>(p, s, fma::<FMA>(1.666_666_55e-1, r, 5.000_000_12e-1));
    fma::<FMA>(p, s, r) + 1.0
}

#[inline(always)]
fn power_of_two(n: i32) -> f32 {
    f32::from_bits((n.wrapping_add(127) as u32) << 23)
}

/// ln x by ln 2 · k + ln m, √½ < m < √2. FreeBSD's e_logf.c.
#[inline(always)]
pub fn log<const FMA: bool>(x: f32) -> f32 {
    let is_tiny = x < f32::MIN_POSITIVE;
    let scaled = if is_tiny { x * 33_554_432.0 } else { x }; // 2²⁵
    let bits = scaled.to_bits().wrapping_add(0x3f80_0000 - 0x3f35_04f3);
    let exponent = (bits >> 23) as i32 - 127 - if is_tiny { 25 } else { 0 };
    let k = exponent as f32;
    let f = f32::from_bits((bits & 0x007f_ffff) + 0x3f35_04f3) - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let t1 = w * fma::<FMA>(w, 0.242_790_79, 0.400_009_72);
    let t2 = z * fma::<FMA>(w, 0.284_987_87, 0.666_666_63);
    let half_square = 0.5 * f * f;
    let log = s * (half_square + (t1 + t2)) + k * 9.058_000_6e-6 - half_square + f + k * 0.693_138_1;
    let log = if x == 0.0 { f32::NEG_INFINITY } else { log };
    let log = if x < 0.0 { f32::NAN } else { log };
    if x < f32::INFINITY || x.is_nan() { if x.is_nan() { x } else { log } } else { f32::INFINITY }
}

/// x · P(x²) / Q(x²), the rational function nearest to tanh x / x up to 9: fitted here by a weighted least squares that evens out the
/// relative error, 2 · 10⁻⁸ before rounding. All coefficients are positive, so nothing cancels; beyond 9 it exceeds 1 and is cut.
#[inline(always)]
pub fn tanh<const FMA: bool>(x: f32) -> f32 {
    let x = within(x, 9.8);
    let z = x * x;
    let w = z * z;
    let p =
        fma::<FMA>(fma::<FMA>(1.335_735_02e-8, z, 2.061_143_7e-5), w, fma::<FMA>(3.495_751_44e-3, z, 0.133_811_709));
    let p = fma::<FMA>(p, z, 0.999_999_981);
    let q =
        fma::<FMA>(fma::<FMA>(7.777_777_79e-7, z, 3.285_887_14e-4), w, fma::<FMA>(2.587_762_69e-2, z, 0.467_144_871));
    let q = fma::<FMA>(q, z, 1.0);
    within(x * p / q, 1.0)
}

/// The nearest number of −bound … bound; NaN stays NaN.
#[inline(always)]
fn within(x: f32, bound: f32) -> f32 {
    let x = if x > bound { bound } else { x };
    if x < -bound { -bound } else { x }
}

#[inline(always)]
pub fn sigmoid<const FMA: bool>(x: f32) -> f32 {
    1.0 / (1.0 + exp::<FMA>(-x))
}

/// x · P(x²) / Q(x²), fitted as in `tanh` up to 3.95, beyond which it exceeds 1 and is cut.
#[inline(always)]
pub fn erf<const FMA: bool>(x: f32) -> f32 {
    let x = within(x, 4.2);
    let z = x * x;
    let w = z * z;
    let p =
        fma::<FMA>(fma::<FMA>(2.026_015_47e-6, z, 2.845_567_81e-4), w, fma::<FMA>(3.804_278_66e-3, z, 5.286_346_67e-2));
    let p = fma::<FMA>(p, w, fma::<FMA>(0.191_466_075, z, 1.128_379_145));
    let q =
        fma::<FMA>(fma::<FMA>(3.782_598_92e-5, z, 1.169_699_42e-3), w, fma::<FMA>(1.504_740_17e-2, z, 0.114_524_033));
    let q = fma::<FMA>(q, w, fma::<FMA>(0.503_015_092, z, 1.0));
    within(x * p / q, 1.0)
}

/// NaN where either is NaN, as JavaScript and NumPy have it.
#[inline(always)]
pub fn max(a: f32, b: f32) -> f32 {
    if a > b || a.is_nan() { a } else { b }
}

/// NaN where either is NaN.
#[inline(always)]
pub fn min(a: f32, b: f32) -> f32 {
    if a < b || a.is_nan() { a } else { b }
}

/// NaN stays NaN.
#[inline(always)]
pub fn sign(x: f32) -> f32 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// erf in double precision: Taylor's series near zero, a continued fraction of erfc beyond.
    fn erf64(x: f64) -> f64 {
        let t = x.abs();
        if t < 3.0 {
            let (mut term, mut sum) = (t, t);
            for n in 1..200 {
                term *= -t * t / n as f64;
                sum += term / (2 * n + 1) as f64;
            }
            return (sum * 2.0 / std::f64::consts::PI.sqrt()).copysign(x);
        }
        let fraction = (1..60).rev().fold(0.0, |below, n| n as f64 / 2.0 / (t + below));
        (1.0 - (-t * t).exp() / (std::f64::consts::PI.sqrt() * (t + fraction))).copysign(x)
    }

    /// The largest distance in units in the last place over many numbers of all magnitudes.
    fn worst(from: f32, to: f32, ours: impl Fn(f32) -> f32, exact: impl Fn(f64) -> f64) -> (f64, f32) {
        let mut worst = (0.0_f64, 0.0);
        let mut check = |x: f32| {
            if !(from..=to).contains(&x) {
                return;
            }
            let right = exact(x as f64);
            let near = right as f32;
            if near.is_infinite() || near.abs() < f32::MIN_POSITIVE {
                assert!((ours(x) as f64 - right).abs() <= 2e-45 || ours(x) == near, "{x}: {} for {near}", ours(x));
                return;
            }
            let unit = (f32::from_bits(near.to_bits() + 1) - near).abs() as f64;
            let error = (ours(x) as f64 - right).abs() / unit;
            if error.is_nan() || error > worst.0 {
                worst = (error, x);
            }
        };
        let fewer = if crate::patience::is_short() { 200 } else { 1 };
        for i in (0..400_000).step_by(fewer) {
            check(from + (to - from) * (i as f32 / 400_000.0));
        }
        for bits in (0..0x7f80_0000_u32).step_by(4999 * fewer) {
            check(f32::from_bits(bits));
            check(-f32::from_bits(bits));
        }
        worst
    }

    #[test]
    fn as_exact_as_floats_allow() {
        type Case = (&'static str, f32, f32, fn(f32) -> f32, fn(f64) -> f64, f64);
        let functions: [Case; 5] = [
            ("exp", -103.0, 88.7, exp::<true>, f64::exp, 1.5),
            ("log", 1e-44, f32::MAX, log::<true>, f64::ln, 1.5),
            ("tanh", -30.0, 30.0, tanh::<true>, f64::tanh, 6.0),
            ("erf", -20.0, 20.0, erf::<true>, erf64, 6.0),
            ("sigmoid", -80.0, 80.0, sigmoid::<true>, |x| 1.0 / (1.0 + (-x).exp()), 3.0),
        ];
        for (name, from, to, ours, exact, bound) in functions {
            let (error, at) = worst(from, to, ours, exact);
            assert!(error <= bound, "{name} is off by {error} units in the last place at {at}");
        }
        assert!(worst(-103.0, 88.7, exp::<false>, f64::exp).0 <= 2.0);
        assert!(worst(-20.0, 20.0, erf::<false>, erf64).0 <= 7.0);
        assert!(worst(-20.0, 20.0, tanh::<false>, f64::tanh).0 <= 7.0);
    }

    #[test]
    fn edges() {
        assert_eq!(exp::<true>(f32::INFINITY), f32::INFINITY);
        assert_eq!(exp::<true>(f32::NEG_INFINITY), 0.0);
        assert_eq!(exp::<true>(0.0), 1.0);
        assert_eq!(log::<true>(0.0), f32::NEG_INFINITY);
        assert_eq!(log::<true>(1.0), 0.0);
        assert_eq!(log::<true>(f32::INFINITY), f32::INFINITY);
        assert!(log::<true>(-1.0).is_nan());
        assert_eq!([tanh::<true>(f32::NEG_INFINITY), erf::<true>(f32::INFINITY)], [-1.0, 1.0]);
        assert_eq!(sigmoid::<true>(f32::NEG_INFINITY), 0.0);
        for of in [
            exp::<true>,
            log::<true>,
            tanh::<true>,
            erf::<true>,
            sigmoid::<true>,
            sign,
            |x| max(x, 1.0),
            |x| min(1.0, x),
        ] {
            assert!(of(f32::NAN).is_nan());
        }
        assert_eq!([max(2.0, 1.0), min(2.0, 1.0), sign(-3.0)], [2.0, 1.0, -1.0]);
    }
}
