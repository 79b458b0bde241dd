//! What a convolution looks like.

use crate::runtime::{Attributes, Failure, failure};

/// Lengths along height and width come as pairs.
#[derive(Clone, Debug)]
pub struct Geometry {
    pub batch: usize,
    pub input: [usize; 2],
    pub output: [usize; 2],
    pub in_channels: usize,
    pub out_channels: usize,
    /// Channels are split into so many parts that do not meet.
    pub groups: usize,
    pub taps: [usize; 2],
    pub strides: [usize; 2],
    pub dilations: [usize; 2],
    /// Rows above and columns left of the image that windows may cover.
    pub before: [usize; 2],
    /// Elements from one weight to the next along height, width, input channel (of a group), output channel.
    pub weight_steps: [usize; 4],
}

impl Geometry {
    pub fn read(attributes: &Attributes) -> Result<Self, Failure> {
        let [batch, height, width, in_channels] = lengths(attributes, "input")?;
        let [out_batch, out_height, out_width, out_channels] = lengths(attributes, "output")?;
        let geometry = Geometry {
            batch,
            input: [height, width],
            output: [out_height, out_width],
            in_channels,
            out_channels,
            groups: attributes.length("groups")?,
            taps: lengths(attributes, "taps")?,
            strides: lengths(attributes, "strides")?,
            dilations: lengths(attributes, "dilations")?,
            before: lengths(attributes, "before")?,
            weight_steps: lengths(attributes, "weight_steps")?,
        };
        let positive = [geometry.strides, geometry.dilations, geometry.taps].concat().iter().all(|&n| n > 0);
        if batch != out_batch || !positive || geometry.tap_count() > MOST_TAPS {
            return Err(failure(format!("impossible geometry: {geometry:?}")));
        }
        if geometry.groups == 0 || in_channels % geometry.groups != 0 || out_channels % geometry.groups != 0 {
            return Err(failure(format!("channels must split into the groups: {geometry:?}")));
        }
        Ok(geometry)
    }

    pub fn group_in(&self) -> usize {
        self.in_channels / self.groups
    }

    pub fn group_out(&self) -> usize {
        self.out_channels / self.groups
    }

    pub fn input_size(&self) -> usize {
        self.batch * self.input[0] * self.input[1] * self.in_channels
    }

    pub fn output_size(&self) -> usize {
        self.batch * self.output[0] * self.output[1] * self.out_channels
    }

    pub fn tap_count(&self) -> usize {
        self.taps[0] * self.taps[1]
    }

    pub fn weight_count(&self) -> usize {
        self.tap_count() * self.group_in() * self.out_channels
    }

    /// Where each tap's weights start.
    pub fn tap_starts(&self) -> impl Iterator<Item = usize> + '_ {
        let [rows, columns, ..] = self.weight_steps;
        (0..self.taps[0]).flat_map(move |y| (0..self.taps[1]).map(move |x| y * rows + x * columns))
    }

    pub fn check(&self, input: usize, output: usize) -> Result<(), Failure> {
        let size = |[height, width]: [usize; 2], channels: usize| {
            [height, width, channels].iter().try_fold(self.batch, |size, &length| size.checked_mul(length))
        };
        if Some(input) == size(self.input, self.in_channels) && Some(output) == size(self.output, self.out_channels) {
            return Ok(());
        }
        Err(failure(format!("tensors of {input} and {output} elements do not fit {self:?}")))
    }

    pub fn check_weights(&self, weights: usize) -> Result<(), Failure> {
        let lengths = [self.taps[0], self.taps[1], self.group_in(), self.out_channels];
        let last: usize = lengths.iter().zip(self.weight_steps).map(|(n, step)| n.saturating_sub(1) * step).sum();
        // No overflow: lengths are below 2³¹, and more weights than that are in no tensor.
        let count = lengths.iter().try_fold(1_usize, |count, &length| count.checked_mul(length));
        if count == Some(0) || (count.is_some() && last < weights) {
            return Ok(());
        }
        Err(failure(format!("{weights} weights do not fit {self:?}")))
    }
}

/// A filter of 4096 × 4096.
const MOST_TAPS: usize = 1 << 24;

fn lengths<const N: usize>(attributes: &Attributes, name: &str) -> Result<[usize; N], Failure> {
    let values = attributes.lengths(name)?;
    values.try_into().map_err(|values| failure(format!("attribute {name} must hold {N} lengths, got {values:?}")))
}
