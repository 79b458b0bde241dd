//! The boundary to ONNX Runtime: operators, their attributes, the tensors of a call, errors.

mod api;
mod attributes;
mod call;
mod error;
mod operator;
mod team;

pub use attributes::Attributes;
pub use call::{Call, Input};
pub use error::{Failure, failure};
pub use operator::Operator;
pub(crate) use operator::{Definition, library, register};
