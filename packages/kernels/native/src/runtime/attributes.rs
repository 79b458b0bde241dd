//! A node's attributes, read once when its graph is compiled.

use std::ffi::{CStr, CString};

use ort_sys::{OrtKernelInfo, OrtStatusPtr};

use super::api::{api, check};
use super::error::{Failure, failure};

pub struct Attributes(pub(super) *const OrtKernelInfo);

impl Attributes {
    pub fn int(&self, name: &str) -> Result<i64, Failure> {
        let mut value = 0;
        // SAFETY: the info is valid while the kernel is created, the name ends in a zero byte.
        self.read(name, |name| unsafe { (api().KernelInfoGetAttribute_int64)(self.0, name.as_ptr(), &mut value) })?;
        Ok(value)
    }

    /// False where it is absent.
    pub fn flag(&self, name: &str) -> bool {
        self.int(name).is_ok_and(|value| value != 0)
    }

    /// Below 2³¹, so that a product of two does not overflow.
    pub fn length(&self, name: &str) -> Result<usize, Failure> {
        length(name, self.int(name)?)
    }

    /// The same for each of a list; empty where it is absent.
    pub fn lengths(&self, name: &str) -> Result<Vec<usize>, Failure> {
        self.ints(name).into_iter().map(|value| length(name, value)).collect()
    }

    /// Of each output: in the attribute a rank, then its lengths.
    pub fn output_shapes(&self) -> Result<Vec<Vec<usize>>, Failure> {
        let all = self.lengths("output_shapes")?;
        let mut rest = all.as_slice();
        let mut shapes = Vec::new();
        while let Some((&rank, after)) = rest.split_first() {
            let missing = || failure("output_shapes must hold a rank and its lengths for each output");
            shapes.push(after.get(..rank).ok_or_else(missing)?.to_vec());
            rest = &after[rank..];
        }
        if shapes.is_empty() { Err(failure("output_shapes must not be empty")) } else { Ok(shapes) }
    }

    pub fn float(&self, name: &str) -> Result<f32, Failure> {
        let mut value = 0.0;
        // SAFETY: as in `int`.
        self.read(name, |name| unsafe { (api().KernelInfoGetAttribute_float)(self.0, name.as_ptr(), &mut value) })?;
        Ok(value)
    }

    /// Empty where it is absent: ONNX cannot tell an empty list from none.
    pub fn ints(&self, name: &str) -> Vec<i64> {
        let get = |name: &CStr, out: *mut i64, size: &mut usize| {
            // SAFETY: as in `int`; `out` is null or has room for `size` numbers.
            unsafe { (api().KernelInfoGetAttributeArray_int64)(self.0, name.as_ptr(), out, size) }
        };
        array(name, get)
    }

    /// Empty where it is absent.
    pub fn floats(&self, name: &str) -> Vec<f32> {
        let get = |name: &CStr, out: *mut f32, size: &mut usize| {
            // SAFETY: as in `ints`.
            unsafe { (api().KernelInfoGetAttributeArray_float)(self.0, name.as_ptr(), out, size) }
        };
        array(name, get)
    }

    fn read(&self, name: &str, get: impl FnOnce(&CStr) -> OrtStatusPtr) -> Result<(), Failure> {
        let text = CString::new(name).expect("attribute names have no zero bytes");
        check(get(&text)).map_err(|error| failure(format!("attribute {name}: {error}")))
    }
}

fn length(name: &str, value: i64) -> Result<usize, Failure> {
    let small = i32::try_from(value).ok().and_then(|value| usize::try_from(value).ok());
    small.ok_or_else(|| failure(format!("attribute {name} must hold lengths from 0 to below 2³¹, got {value}")))
}

/// Asks for the size, then for the elements.
fn array<T: Default + Clone>(name: &str, get: impl Fn(&CStr, *mut T, &mut usize) -> OrtStatusPtr) -> Vec<T> {
    let text = CString::new(name).expect("attribute names have no zero bytes");
    let mut size = 0;
    if check(get(&text, std::ptr::null_mut(), &mut size)).is_err() {
        return Vec::new();
    }
    let mut values = vec![T::default(); size];
    match check(get(&text, values.as_mut_ptr(), &mut size)) {
        Ok(()) => values,
        Err(_) => Vec::new(),
    }
}
