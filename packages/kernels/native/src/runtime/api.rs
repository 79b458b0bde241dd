//! ONNX Runtime's function table, as it hands it to the library.

use std::ffi::{CStr, CString};
use std::sync::OnceLock;

use ort_sys::{OrtApi, OrtErrorCode, OrtStatusPtr};

use super::error::{Failure, failure};

/// The version of the table that the operators are written against; later runtimes still hand it out.
pub const API_VERSION: u32 = 17;

struct Table(*const OrtApi);

// SAFETY: the table is constant memory of the loaded ONNX Runtime, which outlives every call into this library.
unsafe impl Send for Table {}
// SAFETY: as above; nobody writes to it.
unsafe impl Sync for Table {}

static TABLE: OnceLock<Table> = OnceLock::new();

/// # Safety
/// `table` is the table of version `API_VERSION` of the ONNX Runtime that loaded this library.
pub unsafe fn remember(table: *const OrtApi) {
    TABLE.get_or_init(|| Table(table));
}

/// The function table. Registering the library set it.
pub fn api() -> &'static OrtApi {
    let table = TABLE.get().expect("the library is registered before it is called");
    // SAFETY: `remember` promises a valid table for the life of the process.
    unsafe { &*table.0 }
}

pub fn check(status: OrtStatusPtr) -> Result<(), Failure> {
    if status.0.is_null() {
        return Ok(());
    }
    // SAFETY: the status is not null and ours to release; its message lives as long as it.
    unsafe {
        let text = CStr::from_ptr((api().GetErrorMessage)(status.0)).to_string_lossy().into_owned();
        (api().ReleaseStatus)(status.0);
        Err(failure(text))
    }
}

pub fn status_of(result: Result<(), Failure>) -> OrtStatusPtr {
    match result {
        Ok(()) => OrtStatusPtr::default(),
        Err(error) => {
            let text = CString::new(error.to_string().replace('\0', " ")).expect("no zero bytes are left");
            // SAFETY: the text ends in a zero byte; ONNX Runtime copies it.
            unsafe { (api().CreateStatus)(OrtErrorCode::ORT_FAIL, text.as_ptr()) }
        }
    }
}
