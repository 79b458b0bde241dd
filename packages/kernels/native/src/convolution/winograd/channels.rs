//! Transforms of all channels: a vector of them at a time, the rest one by one.

use pulp::{Arch, Scalar, Simd, WithSimd};

/// A transform whose channels do not meet.
pub trait ChannelTransform {
    fn count(&self) -> usize;

    /// Transforms as many channels as a vector has lanes.
    ///
    /// # Safety
    /// `first` and the lanes after it are below the count, for which the maker's pointers are valid.
    unsafe fn compute<S: Simd>(&self, simd: S, first: usize);
}

pub fn for_all_channels<C: ChannelTransform>(transform: C) {
    struct Job<C>(C);
    impl<C: ChannelTransform> WithSimd for Job<C> {
        type Output = ();

        #[inline(always)]
        fn with_simd<S: Simd>(self, simd: S) {
            let count = self.0.count();
            let whole = count - count % S::F32_LANES;
            // SAFETY: channels below the count.
            unsafe {
                for first in (0..whole).step_by(S::F32_LANES) {
                    self.0.compute(simd, first);
                }
                for channel in whole..count {
                    self.0.compute(Scalar::new(), channel);
                }
            }
        }
    }
    Arch::new().dispatch(Job(transform));
}
