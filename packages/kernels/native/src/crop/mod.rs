//! Parts of images at another size, read as they are stored: bytes stay bytes until they are weighed.
//!
//! Rows and columns are sampled apart: a row of a crop is a weighted sum of an image's rows, and of that row's pixels.

mod images;
mod samples;
#[cfg(test)]
mod tests;

use std::ffi::CStr;

pub use images::Batch;
pub use samples::Sampling;

use crate::pixel::Pixel;
use crate::runtime::{Attributes, Call, Failure, Operator, failure};

/// Inputs: images [N, H, W, C] of bytes, whole numbers or floats; boxes [B, 4] of top, left, bottom, right as shares of the image; the
/// number of each box's image [B] (int32). Output: the boxes' contents [B, rows, columns, C], or [B, C, rows, columns] where `planes`
/// is set, times `scale`; `outside` where a box leaves its image.
pub struct CropAndResize {
    sampling: Sampling,
    size: [usize; 2],
    planes: bool,
    scale: f32,
    outside: f32,
}

impl Operator for CropAndResize {
    const NAME: &'static CStr = c"CropAndResize";

    fn create(attributes: &Attributes) -> Result<Self, Failure> {
        let size = attributes.lengths("size")?;
        Ok(CropAndResize {
            sampling: Sampling::numbered(attributes.length("sampling")?)
                .ok_or_else(|| failure("attribute sampling must be 0, 1 or 2"))?,
            size: size.try_into().map_err(|size| failure(format!("size must be rows and columns, got {size:?}")))?,
            planes: attributes.flag("planes"),
            scale: attributes.float("scale")?,
            outside: attributes.float("outside")?,
        })
    }

    fn compute(&self, call: &Call) -> Result<(), Failure> {
        let images = call.input(0)?;
        if images.is::<u8>() {
            self.crop(images.elements::<u8>()?, &images.shape, call)
        } else if images.is::<i32>() {
            self.crop(images.elements::<i32>()?, &images.shape, call)
        } else {
            self.crop(images.floats()?, &images.shape, call)
        }
    }
}

impl CropAndResize {
    fn crop<P: Pixel>(&self, pixels: &[P], shape: &[usize], call: &Call) -> Result<(), Failure> {
        let &[count, height, width, channels] = shape else {
            return Err(failure(format!("images must be [N, H, W, C], got {shape:?}")));
        };
        let (boxes, numbers) = (call.input(1)?, call.input(2)?);
        if boxes.shape.len() != 2 || boxes.shape[1] != 4 || numbers.shape != boxes.shape[..1] {
            return Err(failure(format!(
                "boxes must be [B, 4] and the images' numbers [B], got {:?} and {:?}",
                boxes.shape, numbers.shape
            )));
        }
        let numbers = numbers.elements::<i32>()?;
        if let Some(wrong) =
            numbers.iter().find(|&&number| usize::try_from(number).is_ok_and(|n| n >= count) || number < 0)
        {
            return Err(failure(format!("a box's image must be one of {count}, got number {wrong}")));
        }
        let [rows, columns] = self.size;
        let shape = if self.planes {
            [numbers.len(), channels, rows, columns]
        } else {
            [numbers.len(), rows, columns, channels]
        };
        let result = call.output::<f32>(0, &shape)?;
        let batch = Batch {
            pixels,
            image: [height, width, channels],
            boxes: boxes.floats()?,
            numbers,
            sampling: self.sampling,
            size: self.size,
            planes: self.planes,
            scale: self.scale,
            outside: self.outside,
        };
        batch.crop(result, call);
        Ok(())
    }
}
