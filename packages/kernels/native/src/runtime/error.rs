//! Failures, which become ONNX Runtime statuses; panics included.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Why an operator refused its attributes or its inputs.
#[derive(Debug)]
pub struct Failure(String);

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

pub fn failure(message: impl Into<String>) -> Failure {
    Failure(message.into())
}

/// Runs `body`; a panic in it is a failure like any other.
pub(super) fn guarded<T>(name: &str, body: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(result) => result.map_err(|Failure(message)| Failure(format!("{name}: {message}"))),
        Err(panic) => Err(Failure(format!("{name}: {}", panic_text(panic.as_ref())))),
    }
}

pub(super) fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("panicked")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_failure_with_its_text() {
        let number = 7;
        let failed = guarded::<()>("MatMul", || panic!("row {number}")).expect_err("it panics");
        assert_eq!(failed.to_string(), "MatMul: row 7");
        let refused = guarded::<()>("MatMul", || Err(failure("no"))).expect_err("it fails");
        assert_eq!(refused.to_string(), "MatMul: no");
    }
}
