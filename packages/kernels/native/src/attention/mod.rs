//! Attention without the matrix of all scores in memory.

mod backward;
mod forward;
mod problem;
mod short;
mod softmax;
#[cfg(test)]
mod tests;
mod tiles;

use std::ffi::CStr;

use crate::dropout::{Dropping, Rate};
use crate::parallel::Shared;
use crate::runtime::{Attributes, Call, Failure, Operator, failure};
use backward::{Backward, Gradient};
use forward::Forward;
use problem::{Heads, Mask, MaskView, Problem, View};

/// Inputs: the tensors that hold q, k and v (one may hold all), optionally a mask, and where weights are dropped the key [4]. Outputs: the
/// result, and the logarithms [B, H, T] that the gradient needs.
pub struct Attention {
    problem: Problem,
    query: View,
    key: View,
    value: View,
    mask: Option<MaskView>,
    rate: Option<Rate>,
    result: View,
    shape: Vec<usize>,
}

impl Operator for Attention {
    const NAME: &'static CStr = c"Attention";

    fn create(attributes: &Attributes) -> Result<Self, Failure> {
        Ok(Attention {
            problem: Problem::create(attributes)?,
            query: View::create(attributes, "query")?,
            key: View::create(attributes, "key")?,
            value: View::create(attributes, "value")?,
            mask: MaskView::create(attributes)?,
            rate: Rate::create_optional(attributes)?,
            result: View::create(attributes, "result")?,
            shape: attributes.output_shapes()?.swap_remove(0),
        })
    }

    fn compute(&self, call: &Call) -> Result<(), Failure> {
        let p = &self.problem;
        let query = heads(call, 0, self.query, p, (p.queries, p.width))?;
        let key = heads(call, 1, self.key, p, (p.keys, p.width))?;
        let value = heads(call, 2, self.value, p, (p.keys, p.value_width))?;
        let mask = mask(call, 3, self.mask, p)?;
        let dropping = dropping(call, 3 + usize::from(mask.is_some()), self.rate, p)?;
        let result = call.output::<f32>(0, &self.shape)?;
        self.result.check(p, (p.queries, p.value_width), result.len())?;
        let logarithms = call.output::<f32>(1, &[p.batch, p.heads, p.queries])?;
        Forward {
            problem: p,
            query,
            key,
            value,
            mask,
            dropping: dropping.as_ref(),
            result: Shared::new(result),
            result_view: self.result,
            logarithms: Shared::new(logarithms),
        }
        .compute(call);
        Ok(())
    }
}

/// Inputs: q, k, v, the result, its gradient, the logarithms, optionally the mask, and the key where weights are dropped. Outputs: the gradients of q, k and v, in
/// three tensors or all in one.
pub struct AttentionGradient {
    problem: Problem,
    query: View,
    key: View,
    value: View,
    result: View,
    gradient: View,
    mask: Option<MaskView>,
    rate: Option<Rate>,
    query_gradient: View,
    key_gradient: View,
    value_gradient: View,
    shapes: Vec<Vec<usize>>,
}

impl Operator for AttentionGradient {
    const NAME: &'static CStr = c"AttentionGradient";

    fn create(attributes: &Attributes) -> Result<Self, Failure> {
        let shapes = attributes.output_shapes()?;
        if shapes.len() != 1 && shapes.len() != 3 {
            return Err(failure(format!("there must be 1 or 3 outputs, got {}", shapes.len())));
        }
        Ok(AttentionGradient {
            problem: Problem::create(attributes)?,
            query: View::create(attributes, "query")?,
            key: View::create(attributes, "key")?,
            value: View::create(attributes, "value")?,
            result: View::create(attributes, "result")?,
            gradient: View::create(attributes, "gradient")?,
            mask: MaskView::create(attributes)?,
            rate: Rate::create_optional(attributes)?,
            query_gradient: View::create(attributes, "query_gradient")?,
            key_gradient: View::create(attributes, "key_gradient")?,
            value_gradient: View::create(attributes, "value_gradient")?,
            shapes,
        })
    }

    fn compute(&self, call: &Call) -> Result<(), Failure> {
        let p = &self.problem;
        let (queries, keys, values) = ((p.queries, p.width), (p.keys, p.width), (p.keys, p.value_width));
        let of_result = (p.queries, p.value_width);
        let logarithms = call.input(5)?.floats()?;
        if logarithms.len() != p.count() * p.queries {
            return Err(failure("there must be one logarithm a query"));
        }
        let mut outputs = Vec::with_capacity(self.shapes.len());
        for (index, shape) in self.shapes.iter().enumerate() {
            outputs.push(call.output::<f32>(index, shape)?);
        }
        let size = |index: usize| outputs[index % outputs.len()].len();
        self.query_gradient.check(p, queries, size(0))?;
        self.key_gradient.check(p, keys, size(1))?;
        self.value_gradient.check(p, values, size(2))?;
        let memory: Vec<_> = outputs.into_iter().map(Shared::new).collect();
        let dropping = dropping(call, 6 + usize::from(self.mask.is_some()), self.rate, p)?;
        let gradient = |index: usize, view: View| Gradient { memory: &memory[index % memory.len()], view };
        Backward {
            problem: p,
            query: heads(call, 0, self.query, p, queries)?,
            key: heads(call, 1, self.key, p, keys)?,
            value: heads(call, 2, self.value, p, values)?,
            result: heads(call, 3, self.result, p, of_result)?,
            gradient: heads(call, 4, self.gradient, p, of_result)?,
            logarithms,
            mask: mask(call, 6, self.mask, p)?,
            dropping: dropping.as_ref(),
            query_gradient: gradient(0, self.query_gradient),
            key_gradient: gradient(1, self.key_gradient),
            value_gradient: gradient(2, self.value_gradient),
        }
        .compute(call);
        Ok(())
    }
}

fn heads<'a>(
    call: &Call<'a>,
    index: usize,
    view: View,
    p: &Problem,
    extent: (usize, usize),
) -> Result<Heads<'a>, Failure> {
    let elements = call.input(index)?.floats()?;
    view.check(p, extent, elements.len())?;
    Ok(Heads { elements, view })
}

fn mask<'a>(call: &Call<'a>, index: usize, at: Option<MaskView>, p: &Problem) -> Result<Option<Mask<'a>>, Failure> {
    let Some(at) = at else { return Ok(None) };
    let elements = call.input(index)?.floats()?;
    at.check(p, elements.len())?;
    Ok(Some(Mask { elements, at }))
}

/// None where nothing is dropped: no rate, or an empty result. Elsewhere the values are as many as the keys, and were checked.
fn dropping(call: &Call, index: usize, rate: Option<Rate>, p: &Problem) -> Result<Option<Dropping>, Failure> {
    let rate = rate.filter(|_| p.count() * p.queries * p.value_width > 0);
    rate.map(|rate| Dropping::new(rate, call.input(index)?.elements::<i32>()?, p.keys)).transpose()
}
