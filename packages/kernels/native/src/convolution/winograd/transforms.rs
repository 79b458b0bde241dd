//! The matrices of F(4, 3), written out: one dimension of each transform, for vectors of channels.

use pulp::Simd;

/// Bᵀ d
#[inline(always)]
pub fn input<S: Simd>(s: S, d: [S::f32s; 6]) -> [S::f32s; 6] {
    let [two, four, minus_five] = [2.0, 4.0, -5.0].map(|x| s.splat_f32s(x));
    let minus_four = s.splat_f32s(-4.0);
    let a = s.mul_add_f32s(minus_four, d[2], d[4]); // d4 − 4 d2
    let b = s.mul_add_f32s(minus_four, d[1], d[3]); // d3 − 4 d1
    let c = s.sub_f32s(d[4], d[2]);
    let e = s.mul_f32s(two, s.sub_f32s(d[3], d[1]));
    [
        s.mul_add_f32s(four, d[0], s.mul_add_f32s(minus_five, d[2], d[4])),
        s.add_f32s(a, b),
        s.sub_f32s(a, b),
        s.add_f32s(c, e),
        s.sub_f32s(c, e),
        s.mul_add_f32s(four, d[1], s.mul_add_f32s(minus_five, d[3], d[5])),
    ]
}

/// Aᵀ m
#[inline(always)]
pub fn output<S: Simd>(s: S, m: [S::f32s; 6]) -> [S::f32s; 4] {
    let [two, four, eight] = [2.0, 4.0, 8.0].map(|x| s.splat_f32s(x));
    let (a, b) = (s.add_f32s(m[1], m[2]), s.sub_f32s(m[1], m[2]));
    let (c, d) = (s.add_f32s(m[3], m[4]), s.sub_f32s(m[3], m[4]));
    [
        s.add_f32s(m[0], s.add_f32s(a, c)),
        s.mul_add_f32s(two, d, b),
        s.mul_add_f32s(four, c, a),
        s.add_f32s(s.mul_add_f32s(eight, d, b), m[5]),
    ]
}

/// A y
#[inline(always)]
pub fn output_gradient<S: Simd>(s: S, y: [S::f32s; 4]) -> [S::f32s; 6] {
    let [two, four] = [2.0, 4.0].map(|x| s.splat_f32s(x));
    let (even, odd) = (s.add_f32s(y[0], y[2]), s.add_f32s(y[1], y[3]));
    let even_two = s.mul_add_f32s(four, y[2], y[0]);
    let odd_two = s.mul_f32s(two, s.mul_add_f32s(four, y[3], y[1]));
    [
        y[0],
        s.add_f32s(even, odd),
        s.sub_f32s(even, odd),
        s.add_f32s(even_two, odd_two),
        s.sub_f32s(even_two, odd_two),
        y[3],
    ]
}

/// G g
#[inline(always)]
pub fn weights<S: Simd>(s: S, g: [S::f32s; 3]) -> [S::f32s; 6] {
    let [quarter, sixth, twelfth, minus_sixth] =
        [1.0 / 4.0, 1.0 / 6.0, 1.0 / 12.0, -1.0 / 6.0].map(|x| s.splat_f32s(x));
    let ends = s.add_f32s(g[0], g[2]);
    let wide = s.mul_add_f32s(quarter, g[0], g[2]); // g0/4 + g2, a sixth of which is g0/24 + g2/6
    [
        s.mul_f32s(quarter, g[0]),
        s.mul_f32s(minus_sixth, s.add_f32s(ends, g[1])),
        s.mul_f32s(minus_sixth, s.sub_f32s(ends, g[1])),
        s.mul_add_f32s(twelfth, g[1], s.mul_f32s(sixth, wide)),
        s.sub_f32s(s.mul_f32s(sixth, wide), s.mul_f32s(twelfth, g[1])),
        g[2],
    ]
}

/// Gᵀ u
#[inline(always)]
pub fn weight_gradient<S: Simd>(s: S, u: [S::f32s; 6]) -> [S::f32s; 3] {
    let [quarter, sixth, twelfth] = [1.0 / 4.0, 1.0 / 6.0, 1.0 / 12.0].map(|x| s.splat_f32s(x));
    let (a, b) = (s.add_f32s(u[1], u[2]), s.sub_f32s(u[2], u[1]));
    let (c, d) = (s.add_f32s(u[3], u[4]), s.sub_f32s(u[3], u[4]));
    let c_less_a = s.sub_f32s(c, a);
    [
        s.mul_add_f32s(quarter, s.add_f32s(u[0], s.mul_f32s(sixth, c)), s.neg_f32s(s.mul_f32s(sixth, a))),
        s.mul_add_f32s(sixth, b, s.mul_f32s(twelfth, d)),
        s.mul_add_f32s(sixth, c_less_a, u[5]),
    ]
}
