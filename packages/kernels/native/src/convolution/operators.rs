//! The operators. Images are [N, H, W, C]; weights lie as the attribute `weight_steps` tells.

use std::ffi::CStr;

use super::geometry::Geometry;
use super::{forward, input_gradient, weight_gradient};
use crate::runtime::{Attributes, Call, Failure, Operator, failure};

/// Inputs: images [N, H, W, I], weights. Output: [N, OH, OW, O].
pub struct Convolution(Geometry);

impl Operator for Convolution {
    const NAME: &'static CStr = c"Convolution";

    fn create(attributes: &Attributes) -> Result<Self, Failure> {
        Geometry::read(attributes).map(Convolution)
    }

    fn compute(&self, call: &Call) -> Result<(), Failure> {
        let g = &self.0;
        let (x, weights) = (call.input(0)?.floats()?, call.input(1)?.floats()?);
        let y = call.output(0, &[g.batch, g.output[0], g.output[1], g.out_channels])?;
        g.check(x.len(), y.len())?;
        g.check_weights(weights.len())?;
        forward(g, x, weights, y, call);
        Ok(())
    }
}

/// Inputs: gradient of the output [N, OH, OW, O], weights. Output: gradient of the images [N, H, W, I].
pub struct ConvolutionInputGradient(Geometry);

impl Operator for ConvolutionInputGradient {
    const NAME: &'static CStr = c"ConvolutionInputGradient";

    fn create(attributes: &Attributes) -> Result<Self, Failure> {
        Geometry::read(attributes).map(ConvolutionInputGradient)
    }

    fn compute(&self, call: &Call) -> Result<(), Failure> {
        let g = &self.0;
        let (dy, weights) = (call.input(0)?.floats()?, call.input(1)?.floats()?);
        let dx = call.output(0, &[g.batch, g.input[0], g.input[1], g.in_channels])?;
        g.check(dx.len(), dy.len())?;
        g.check_weights(weights.len())?;
        input_gradient(g, dy, weights, dx, call);
        Ok(())
    }
}

/// Inputs: images [N, H, W, I], gradient of the output [N, OH, OW, O]. Output: gradient of the weights, laid out as they are.
pub struct ConvolutionWeightGradient {
    geometry: Geometry,
    shape: Vec<usize>,
}

impl Operator for ConvolutionWeightGradient {
    const NAME: &'static CStr = c"ConvolutionWeightGradient";

    fn create(attributes: &Attributes) -> Result<Self, Failure> {
        Ok(ConvolutionWeightGradient {
            geometry: Geometry::read(attributes)?,
            shape: attributes.output_shapes()?.swap_remove(0),
        })
    }

    fn compute(&self, call: &Call) -> Result<(), Failure> {
        let g = &self.geometry;
        let (x, dy) = (call.input(0)?.floats()?, call.input(1)?.floats()?);
        let dw = call.output(0, &self.shape)?;
        g.check(x.len(), dy.len())?;
        g.check_weights(dw.len())?;
        if dw.len() != g.weight_count() {
            return Err(failure(format!("a gradient of {} elements does not fit {g:?}", dw.len())));
        }
        weight_gradient(g, x, dy, dw, call);
        Ok(())
    }
}
