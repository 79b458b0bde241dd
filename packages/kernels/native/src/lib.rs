//! Custom operators with which ONNX Runtime trains on a CPU: the gradients it has no kernels for, and chains of elementwise
//! operations in one pass over memory.
//!
//! `runtime` is the boundary to ONNX Runtime and the only place that knows its C types. The other modules compute on slices.

pub mod attention;
pub mod color_jitter;
pub mod convolution;
pub mod crop;
pub mod cross_entropy;
pub mod ctc;
pub mod description;
pub mod dropout;
pub mod fused;
pub mod gemm;
pub mod matmul;
pub mod parallel;
#[cfg(test)]
mod patience;
pub mod pixel;
pub mod rows;
pub mod runtime;
pub mod scratch;
pub mod segment_sum;

runtime::library![
    attention::Attention,
    attention::AttentionGradient,
    color_jitter::ColorJitter,
    convolution::Convolution,
    convolution::ConvolutionInputGradient,
    convolution::ConvolutionWeightGradient,
    crop::CropAndResize,
    cross_entropy::CrossEntropy,
    cross_entropy::CrossEntropyGradient,
    ctc::CtcLoss,
    dropout::Dropout,
    fused::Fused,
    matmul::MatMul,
    segment_sum::SegmentSum
];
