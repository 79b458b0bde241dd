//! Convolutions of each channel by itself: M results of each of C channels, which do not meet, so that there are no products of
//! matrices but sums of as many terms as a window has taps, for vectors of channels.
//!
//! Where M is above 1, channels are repeated M times before they are filtered, and their gradients added up afterwards.

mod filter;
mod sums;
mod weight_gradient;

pub use filter::Filter;
pub use weight_gradient::weight_gradient;

use super::geometry::Geometry;
use crate::scratch::Scratch;

/// Whether the convolution is of this kind.
pub fn is_kind(g: &Geometry) -> bool {
    g.groups > 1 && g.groups == g.in_channels && g.out_channels > 0
}

/// [taps, C · M], wherever the weights lie.
pub fn packed(g: &Geometry, weights: &[f32]) -> Scratch {
    let outer = g.weight_steps[3];
    let mut packed = Scratch::new(g.weight_count());
    for (row, start) in packed.chunks_exact_mut(g.out_channels).zip(g.tap_starts()) {
        for (o, weight) in row.iter_mut().enumerate() {
            *weight = weights[start + o * outer];
        }
    }
    packed
}

/// Each of the elements `times` times.
fn repeat(elements: &[f32], times: usize, into: &mut [f32]) {
    for (element, places) in elements.iter().zip(into.chunks_exact_mut(times)) {
        places.fill(*element);
    }
}

/// Floor of a / b and ceiling of a / b, for b > 0.
fn floor(a: isize, b: usize) -> isize {
    a.div_euclid(b as isize)
}
fn ceiling(a: isize, b: usize) -> isize {
    -floor(-a, b)
}
