//! Brightness, contrast, saturation and hue of a batch of images, each in its own order: a few small matrices an image. Images are
//! read as they are stored, and stay in registers from one mean to the next.

mod images;
#[cfg(test)]
mod tests;

use std::ffi::CStr;

pub use images::{Batch, Layout};

use crate::pixel::Pixel;
use crate::runtime::{Attributes, Call, Failure, Operator, failure};

/// Inputs: images of bytes, whole numbers or floats, [N, C, …] where `from_planes` is set, else [N, …, C]; A and B, both
/// [slots, N, C, C]; then M and s as one [N, C, C + 1], or nothing. Output: from x times `scale`, x ← clip(A·x + B·mean(x), 0, 1) for
/// each slot, at last x ← M·x + s; [N, C, …] where `to_planes` is set, else [N, …, C]. Where B is all zeros no mean is taken.
pub struct ColorJitter {
    from: Layout,
    to: Layout,
    scale: f32,
}

/// Channels at most.
const CHANNELS: usize = 4;

impl Operator for ColorJitter {
    const NAME: &'static CStr = c"ColorJitter";

    fn create(attributes: &Attributes) -> Result<Self, Failure> {
        let layout = |name| if attributes.flag(name) { Layout::Planes } else { Layout::Pixels };
        Ok(ColorJitter { from: layout("from_planes"), to: layout("to_planes"), scale: attributes.float("scale")? })
    }

    fn compute(&self, call: &Call) -> Result<(), Failure> {
        let images = call.input(0)?;
        if images.is::<u8>() {
            self.jitter(images.elements::<u8>()?, &images.shape, call)
        } else if images.is::<i32>() {
            self.jitter(images.elements::<i32>()?, &images.shape, call)
        } else {
            self.jitter(images.floats()?, &images.shape, call)
        }
    }
}

impl ColorJitter {
    fn jitter<P: Pixel>(&self, source: &[P], shape: &[usize], call: &Call) -> Result<(), Failure> {
        if shape.len() < 3 {
            return Err(failure(format!("images must be [N, C, …] or [N, …, C], got {shape:?}")));
        }
        let mut axes = shape.to_vec();
        let channels = axes.remove(self.from.channel_axis(shape.len()));
        let (images, pixels) = (axes[0], axes[1..].iter().product());
        if channels > CHANNELS {
            return Err(failure(format!("there must be at most {CHANNELS} channels, got {channels}")));
        }
        let (pixel, mean) = (call.input(1)?, call.input(2)?);
        let &[slots, ..] = &pixel.shape[..] else { return Err(failure("there must be an axis of slots")) };
        if [pixel, mean].iter().any(|matrices| matrices.shape != [slots, images, channels, channels]) {
            return Err(failure(format!(
                "matrices must be [slots, {images}, {channels}, {channels}], got {:?} and {:?}",
                pixel.shape, mean.shape
            )));
        }
        let last = call.inputs.get(3);
        if let Some(wrong) = last.filter(|last| last.shape != [images, channels, channels + 1]) {
            let shape = &wrong.shape;
            return Err(failure(format!("the last map must be [{images}, {channels}, {channels} + 1], got {shape:?}")));
        }
        let last = last.map(|last| last.floats()).transpose()?;
        let (of_pixel, of_mean) = (pixel.floats()?, mean.floats()?);
        axes.insert(self.to.channel_axis(shape.len()), channels);
        let result = call.output::<f32>(0, &axes)?;
        let ColorJitter { from, to, scale } = *self;
        let batch = Batch { images, channels, pixels, slots, of_pixel, of_mean, last, from, to, scale };
        batch.compute(source, result, call);
        Ok(())
    }
}
