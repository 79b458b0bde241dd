//! What images are stored as.

/// Read as it is stored, a float once it is weighed.
pub trait Pixel: Copy + Sync {
    fn float(self) -> f32;
}

impl Pixel for u8 {
    #[inline(always)]
    fn float(self) -> f32 {
        self.into()
    }
}
impl Pixel for i32 {
    #[inline(always)]
    fn float(self) -> f32 {
        self as f32
    }
}
impl Pixel for f32 {
    #[inline(always)]
    fn float(self) -> f32 {
        self
    }
}
