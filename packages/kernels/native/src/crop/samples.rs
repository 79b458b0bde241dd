//! Where the samples of a box lie along one axis of its image, and what they weigh.

/// How samples lie in a box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sampling {
    /// The first and the last sample at the box's edges, between the pixels beside them: TensorFlow's `crop_and_resize`.
    Corners,
    /// The same places, the nearest pixel.
    Nearest,
    /// Each sample in the middle of its share of the box, over all pixels of that share where it shrinks: torchvision's `resize`
    /// with anti-aliasing. The image's border repeats.
    Shares,
}

impl Sampling {
    pub fn numbered(number: usize) -> Option<Self> {
        [Sampling::Corners, Sampling::Nearest, Sampling::Shares].get(number).copied()
    }
}

/// The samples along one axis: each is a weighted sum of as many pixels.
pub struct Samples {
    /// The first pixel of each.
    pub first: Vec<usize>,
    /// Pixels of each.
    pub taps: usize,
    /// [taps, samples]
    pub weights: Vec<f32>,
    /// Whether it lies in the image.
    pub inside: Vec<bool>,
}

impl Samples {
    /// `count` samples from … to, shares of a length of so many pixels, which is not 0.
    pub fn new(sampling: Sampling, (from, to): (f32, f32), length: usize, count: usize) -> Self {
        match sampling {
            Sampling::Shares => Self::shares(from, to, length, count),
            _ => Self::corners(sampling, from, to, length, count),
        }
    }

    fn corners(sampling: Sampling, from: f32, to: f32, length: usize, count: usize) -> Self {
        let last = (length - 1) as f32;
        let share = |part: usize| {
            let share = if count == 1 { 0.5 } else { part as f64 / (count - 1) as f64 };
            ((length - 1) as f64 * share) as f32
        };
        let place = |i: usize| from * share(count - 1 - i) + to * share(i);
        let taps = if sampling == Sampling::Nearest { 1 } else { length.min(2) };
        let mut samples = Samples::empty(taps, count);
        for i in 0..count {
            let place = place(i);
            if !(place >= 0.0 && place <= last) {
                samples.first.push(0);
                samples.inside.push(false);
                continue;
            }
            let place = if sampling == Sampling::Nearest { (place + 0.5).floor() } else { place };
            let first = (place as usize).min(length - taps);
            samples.first.push(first);
            samples.inside.push(true);
            for tap in 0..taps {
                samples.weights[tap * count + i] = (1.0 - (place - (first + tap) as f32).abs()).max(0.0);
            }
        }
        samples
    }

    fn shares(from: f32, to: f32, length: usize, count: usize) -> Self {
        let step = (to - from) * (length as f32 / count as f32);
        let reach = step.abs().max(1.0);
        let centre = |i: usize| from * length as f32 + step * (i as f32 + 0.5);
        // Pixels nearer than `reach`; a number that is none or too large becomes 0 or the largest.
        let first = |i: usize| ((centre(i) - reach - 0.5).floor() + 1.0).max(0.0) as usize;
        let end = |i: usize| (centre(i) + reach - 0.5).ceil().max(0.0) as usize;
        let taps = (0..count).map(|i| end(i).min(length).saturating_sub(first(i))).max().unwrap_or(1).max(1);
        let mut samples = Samples::empty(taps, count);
        for i in 0..count {
            let first = first(i).min(length - taps);
            let tent = |tap: usize| (reach - (centre(i) - ((first + tap) as f32 + 0.5)).abs()).max(0.0);
            let sum: f32 = (0..taps).map(tent).sum();
            samples.first.push(first);
            samples.inside.push(true);
            for tap in 0..taps {
                samples.weights[tap * count + i] = tent(tap) / sum;
            }
        }
        samples
    }

    fn empty(taps: usize, count: usize) -> Self {
        Samples {
            first: Vec::with_capacity(count),
            taps,
            weights: vec![0.0; taps * count],
            inside: Vec::with_capacity(count),
        }
    }

    /// Pixels that any sample reads.
    pub fn reach(&self) -> std::ops::Range<usize> {
        let inside = || self.first.iter().zip(&self.inside).filter(|(_, inside)| **inside).map(|(first, _)| *first);
        inside().min().unwrap_or(0)..inside().max().map_or(0, |last| last + self.taps)
    }
}
