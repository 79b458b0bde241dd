//! The inner loops: sums over taps for pixels beside one another, and sums over pixels for taps.

use pulp::{Scalar, Simd, WithSimd};

/// A tap of a row of pixels: where the first pixel's channels lie that it brings, and its weights, or their sums.
#[derive(Clone, Copy)]
pub struct Place {
    pub source: *const f32,
    pub weights: *mut f32,
}

/// Pixels of a row.
#[derive(Clone, Copy)]
pub struct Row {
    pub channels: usize,
    /// Floats from one pixel's source to the next's.
    pub source_step: usize,
    /// The first pixel, which is written in `filter` and read in `gather`.
    pub pixel: *mut f32,
    pub pixel_step: usize,
}

impl Row {
    /// `pixel[c] = Σ_tap source[c] · weights[c]` for `count` pixels.
    ///
    /// # Safety
    /// All pixels' channels lie in their tensors, and nothing else uses those that are written.
    pub unsafe fn filter<S: Simd>(self, simd: S, places: &[Place], count: usize) {
        simd.vectorize(Job::<true> { row: self, places, count });
    }

    #[inline(always)]
    unsafe fn filter_all<S: Simd>(self, simd: S, places: &[Place], count: usize) {
        let whole = count - count % PIXELS;
        // SAFETY: by this function's contract.
        unsafe {
            for first in (0..whole).step_by(PIXELS) {
                self.at(first).filter_pixels::<S, PIXELS>(simd, places, first * self.source_step);
            }
            for first in whole..count {
                self.at(first).filter_pixels::<S, 1>(simd, places, first * self.source_step);
            }
        }
    }

    /// # Safety
    /// The pixel lies in its tensor.
    #[inline(always)]
    unsafe fn at(self, pixel: usize) -> Self {
        // SAFETY: by this function's contract.
        Row { pixel: unsafe { self.pixel.add(pixel * self.pixel_step) }, ..self }
    }

    #[inline(always)]
    unsafe fn filter_pixels<S: Simd, const P: usize>(self, simd: S, places: &[Place], shift: usize) {
        let mut channel = 0;
        // SAFETY: channels below the count.
        unsafe {
            while channel + 2 * S::F32_LANES <= self.channels {
                self.filter_vectors::<S, P, 2>(simd, places, shift, channel);
                channel += 2 * S::F32_LANES;
            }
            while channel + S::F32_LANES <= self.channels {
                self.filter_vectors::<S, P, 1>(simd, places, shift, channel);
                channel += S::F32_LANES;
            }
            while channel < self.channels {
                self.filter_vectors::<Scalar, P, 1>(Scalar::new(), places, shift, channel);
                channel += 1;
            }
        }
    }

    #[inline(always)]
    unsafe fn filter_vectors<S: Simd, const P: usize, const V: usize>(
        self,
        simd: S,
        places: &[Place],
        shift: usize,
        channel: usize,
    ) {
        let mut sums = [[simd.splat_f32s(0.0); V]; P];
        // SAFETY: as in `filter`.
        unsafe {
            for place in places {
                let source = place.source.add(shift + channel);
                let weights: [S::f32s; V] = std::array::from_fn(|v| read(place.weights.add(channel), v));
                for p in 0..P {
                    for v in 0..V {
                        let value = read::<S::f32s>(source.add(p * self.source_step), v);
                        sums[p][v] = simd.mul_add_f32s(value, weights[v], sums[p][v]);
                    }
                }
            }
            for p in 0..P {
                for v in 0..V {
                    let place = self.pixel.add(p * self.pixel_step + channel).cast::<S::f32s>();
                    place.add(v).write_unaligned(sums[p][v]);
                }
            }
        }
    }

    /// `weights[c] += Σ_pixel source[c] · pixel[c]` over `count` pixels, for each tap.
    ///
    /// # Safety
    /// As `filter`'s.
    pub unsafe fn gather<S: Simd>(self, simd: S, places: &[Place], count: usize) {
        simd.vectorize(Job::<false> { row: self, places, count });
    }

    #[inline(always)]
    unsafe fn gather_all<S: Simd>(self, simd: S, places: &[Place], count: usize) {
        let (nines, rest) = places.as_chunks::<9>();
        let (threes, ones) = rest.as_chunks::<3>();
        // SAFETY: by this function's contract.
        unsafe {
            for taps in nines {
                self.gather_taps::<S, 9, 1>(simd, taps, count);
            }
            for taps in threes {
                self.gather_taps::<S, 3, 2>(simd, taps, count);
            }
            for tap in ones {
                self.gather_taps::<S, 1, 4>(simd, &[*tap], count);
            }
        }
    }

    #[inline(always)]
    unsafe fn gather_taps<S: Simd, const T: usize, const V: usize>(self, simd: S, taps: &[Place; T], count: usize) {
        let mut channel = 0;
        // SAFETY: channels below the count.
        unsafe {
            while channel + V * S::F32_LANES <= self.channels {
                self.gather_vectors::<S, T, V>(simd, taps, count, channel);
                channel += V * S::F32_LANES;
            }
            while channel + S::F32_LANES <= self.channels {
                self.gather_vectors::<S, T, 1>(simd, taps, count, channel);
                channel += S::F32_LANES;
            }
            while channel < self.channels {
                self.gather_vectors::<Scalar, T, 1>(Scalar::new(), taps, count, channel);
                channel += 1;
            }
        }
    }

    #[inline(always)]
    unsafe fn gather_vectors<S: Simd, const T: usize, const V: usize>(
        self,
        simd: S,
        taps: &[Place; T],
        count: usize,
        channel: usize,
    ) {
        let mut sums = [[simd.splat_f32s(0.0); V]; T];
        // SAFETY: as in `gather`.
        unsafe {
            for p in 0..count {
                let pixel = self.pixel.add(p * self.pixel_step + channel);
                let gradients: [S::f32s; V] = std::array::from_fn(|v| read(pixel, v));
                for t in 0..T {
                    for v in 0..V {
                        let value = read(taps[t].source.add(p * self.source_step + channel), v);
                        sums[t][v] = simd.mul_add_f32s(value, gradients[v], sums[t][v]);
                    }
                }
            }
            for t in 0..T {
                for v in 0..V {
                    let place = taps[t].weights.add(channel).cast::<S::f32s>().add(v);
                    place.write_unaligned(simd.add_f32s(place.read_unaligned(), sums[t][v]));
                }
            }
        }
    }
}

/// What `filter` and `gather` do, compiled for the instruction set.
struct Job<'a, const FILTERS: bool> {
    row: Row,
    places: &'a [Place],
    count: usize,
}

impl<const FILTERS: bool> WithSimd for Job<'_, FILTERS> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // SAFETY: by the contract of the two.
        unsafe {
            if FILTERS {
                self.row.filter_all(simd, self.places, self.count);
            } else {
                self.row.gather_all(simd, self.places, self.count);
            }
        }
    }
}

/// Pixels whose sums stay in registers: with two vectors each, half of 16.
const PIXELS: usize = 4;

/// # Safety
/// The vector lies in memory.
#[inline(always)]
unsafe fn read<V: Copy>(start: *const f32, index: usize) -> V {
    // SAFETY: by this function's contract.
    unsafe { start.cast::<V>().add(index).read_unaligned() }
}
