//! Convolutions in two dimensions of images that lie as [N, H, W, C], and their gradients. In one dimension the height is 1.
//!
//! Nothing is unrolled: a table of pointers tells a tile where its pixels' windows lie, and windows that reach over an edge read
//! zeros.

mod depthwise;
mod geometry;
mod operators;
mod places;
mod products;
#[cfg(test)]
mod tests;
mod weight_gradient;
mod winograd;

pub use geometry::Geometry;
pub use operators::{Convolution, ConvolutionInputGradient, ConvolutionWeightGradient};
pub use products::{forward, input_gradient};
pub use weight_gradient::weight_gradient;
