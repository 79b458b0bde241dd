//! 3 × 3 convolutions with stride 1 by Winograd's minimal filtering F(4 × 4, 3 × 3): a tile of 4 × 4 outputs costs 36
//! multiplications for each pair of channels in place of 144.
//!
//! Lavin and Gray 2016, https://arxiv.org/abs/1509.09308: Y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A. Each of the 36 places of a transformed tile
//! is a matrix product over channels. The weight gradient is the same form read the other way: dg = Gᵀ[(Bᵀ d B) ⊙ (A dY Aᵀ)]G, summed
//! over tiles. Rounding grows to about 1e-5 of the largest value.

mod channels;
mod forward;
mod tiles;
mod transforms;
mod weight_gradient;

pub use forward::{Filtering, filter};
pub use weight_gradient::{Channels, TILES, tile_count, weight_gradient};

use super::geometry::Geometry;

/// Side of a tile's outputs, and of its inputs.
const OUT: usize = 4;
const IN: usize = 6;
/// Places of a transformed tile.
const PLACES: usize = IN * IN;

/// Whether the convolution is of this kind, and large enough to gain by it: transforming costs about as much as this many multiplications.
pub fn pays(g: &Geometry) -> bool {
    let is_kind = g.taps == [3, 3]
        && g.strides == [1, 1]
        && g.dilations == [1, 1]
        && g.groups == 1
        && g.before.iter().all(|&n| n <= 2);
    let (i, o) = (g.in_channels, g.out_channels);
    let tiles = g.output.map(|length| length.div_ceil(OUT)).iter().product::<usize>();
    let direct = 9 * g.output[0] * g.output[1] * i * o;
    let transformed = PLACES * tiles * (i * o + TRANSFORM * (i + o)) * 5 / 4;
    is_kind && i >= 8 && o >= 8 && transformed < direct
}

/// Multiplications that transforming one element is worth.
const TRANSFORM: usize = 8;
