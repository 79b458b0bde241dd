//! Chains of elementwise operations and reductions as one operator that carries a program.

mod interpret;
mod kernel;
pub(crate) mod math;
mod program;
mod schedule;
#[cfg(test)]
mod tests;

use std::ffi::CStr;

use crate::parallel::Parallel;
use crate::runtime::{Attributes, Call, Failure, Operator, failure};
use kernel::{Kernel, Sink, Source};
use program::{Encoded, decode};
use schedule::Stored;

/// One program over one or several sets of tensors, independent of each other.
pub struct Fused {
    kernels: Vec<Kernel>,
    shapes: Vec<Vec<usize>>,
}

impl Operator for Fused {
    const NAME: &'static CStr = c"Fused";

    /// Attributes `program`, `immediates`, `results`, `scales`, `input_types`: the program. `spaces` sets of tensors,
    /// each with `axes`, `strides` and `segments` of its own.
    fn create(attributes: &Attributes) -> Result<Self, Failure> {
        let spaces = attributes.length("spaces")?.max(1);
        let [axes, strides, segments] = ["axes", "strides", "segments"].map(|name| attributes.ints(name));
        let input_types = stored(&attributes.ints("input_types"))?;
        let output_types = stored(&attributes.ints("output_types"))?;
        if [axes.len(), strides.len(), segments.len(), output_types.len()].iter().any(|length| length % spaces != 0) {
            return Err(failure(format!(
                "axes, strides, segments and output_types must be given for each of {spaces} spaces"
            )));
        }
        let part =
            |list: &[i64], space: usize| list[space * list.len() / spaces..(space + 1) * list.len() / spaces].to_vec();
        let outputs = output_types.len() / spaces;
        let kernels = (0..spaces).map(|space| {
            let encoded = Encoded {
                axes: part(&axes, space),
                strides: part(&strides, space),
                immediates: attributes.floats("immediates"),
                program: attributes.ints("program"),
                results: attributes.ints("results"),
                scales: attributes.floats("scales"),
                segments: part(&segments, space).first().copied().unwrap_or(0),
            };
            Kernel::new(
                decode(&encoded)?,
                input_types.clone(),
                output_types[space * outputs..(space + 1) * outputs].to_vec(),
            )
        });
        Ok(Fused { kernels: kernels.collect::<Result<_, _>>()?, shapes: attributes.output_shapes()? })
    }

    fn compute(&self, call: &Call) -> Result<(), Failure> {
        let inputs = call.inputs.iter().map(|input| {
            if input.is::<f32>() {
                input.elements().map(Source::Floats)
            } else if input.is::<i32>() {
                input.elements().map(Source::Ints)
            } else {
                input.elements().map(Source::Bytes)
            }
        });
        let inputs = inputs.collect::<Result<Vec<_>, _>>()?;
        let stored = self.kernels.iter().flat_map(|kernel| kernel.stored_outputs());
        let outputs = stored.zip(&self.shapes).enumerate().map(|(i, (stored, shape))| {
            Ok(match stored {
                Stored::Floats => Sink::Floats(call.output(i, shape)?),
                Stored::Ints => Sink::Ints(call.output(i, shape)?),
                Stored::Bytes => Sink::Bytes(call.output(i, shape)?),
            })
        });
        let mut outputs = outputs.collect::<Result<Vec<_>, Failure>>()?;
        run_all(&self.kernels, &inputs, &mut outputs, call)
    }
}

/// The tasks of all kernels together, so that small tensors share the threads.
fn run_all(
    kernels: &[Kernel],
    inputs: &[Source],
    outputs: &mut [Sink],
    parallel: &dyn Parallel,
) -> Result<(), Failure> {
    if let [kernel] = kernels {
        return kernel.run(inputs, outputs, parallel);
    }
    let width = inputs.len() / kernels.len();
    let results = outputs.len() / kernels.len();
    if inputs.len() != width * kernels.len() {
        return Err(failure(format!("{} spaces must have as many inputs each, got {}", kernels.len(), inputs.len())));
    }
    let mut runs = Vec::with_capacity(kernels.len());
    let mut firsts = Vec::with_capacity(kernels.len());
    let mut tasks = 0;
    for ((kernel, inputs), outputs) in
        kernels.iter().zip(inputs.chunks(width.max(1))).zip(outputs.chunks_mut(results.max(1)))
    {
        let run = kernel.prepare(inputs, outputs)?;
        firsts.push(tasks);
        tasks += run.tasks();
        runs.push(run);
    }
    parallel.run(tasks, &|task| {
        let at = firsts.partition_point(|&first| first <= task) - 1;
        runs[at].task(task - firsts[at]);
    });
    runs.into_iter().for_each(kernel::Run::finish);
    Ok(())
}

fn stored(types: &[i64]) -> Result<Vec<Stored>, Failure> {
    let of = |&number: &i64| match number {
        1 => Ok(Stored::Floats),
        6 => Ok(Stored::Ints),
        2 | 9 => Ok(Stored::Bytes),
        other => Err(failure(format!("types must be 1, 2, 6 or 9, got {other}"))),
    };
    types.iter().map(of).collect()
}
