//! Chains of elementwise operations and reductions as one operator that carries a program.

mod interpret;
mod kernel;
pub(crate) mod math;
mod program;
mod schedule;
#[cfg(test)]
mod tests;

use std::ffi::CStr;

pub use kernel::{Kernel, Sink, Source};
pub use program::Encoded;
#[cfg(test)]
pub use program::Op;

use crate::parallel::Parallel;
use crate::runtime::{Attributes, Call, Failure, Input, Operator, failure};
use program::decode;
use schedule::Stored;

/// One program over one or several sets of tensors, independent of each other.
pub struct Fused {
    kernels: Vec<Kernel>,
    shapes: Vec<Vec<usize>>,
}

impl Operator for Fused {
    const NAME: &'static CStr = c"Fused";

    fn create(attributes: &Attributes) -> Result<Self, Failure> {
        let spaces = attributes.length("spaces")?.max(1);
        Ok(Fused { kernels: kernels(attributes, spaces, 0)?, shapes: attributes.output_shapes()? })
    }

    fn compute(&self, call: &Call) -> Result<(), Failure> {
        let inputs = call.inputs.iter().map(source).collect::<Result<Vec<_>, _>>()?;
        let stored = self.kernels.iter().flat_map(|kernel| kernel.stored_outputs());
        let mut outputs = sinks(stored, &self.shapes, call)?;
        run_all(&self.kernels, &inputs, &mut outputs, call)
    }
}

/// Attributes `program`, `immediates`, `results`, `scales`, `input_types`: the program. `spaces` sets of tensors, each with `axes`,
/// `strides` and `segments` of its own. The node's last `others` outputs are not the programs'.
pub fn kernels(attributes: &Attributes, spaces: usize, others: usize) -> Result<Vec<Kernel>, Failure> {
    let [axes, strides, segments] = ["axes", "strides", "segments"].map(|name| attributes.ints(name));
    let input_types = stored(&attributes.ints("input_types"))?;
    let mut output_types = stored(&attributes.ints("output_types"))?;
    output_types.truncate(output_types.len().saturating_sub(others));
    if [axes.len(), strides.len(), segments.len(), output_types.len()].iter().any(|length| length % spaces != 0) {
        return Err(failure(format!(
            "axes, strides, segments and output_types must be given for each of {spaces} spaces"
        )));
    }
    let part =
        |list: &[i64], space: usize| list[space * list.len() / spaces..(space + 1) * list.len() / spaces].to_vec();
    let outputs = output_types.len() / spaces;
    let kernel = |space| {
        let encoded = Encoded {
            axes: part(&axes, space),
            strides: part(&strides, space),
            immediates: attributes.floats("immediates"),
            program: attributes.ints("program"),
            results: attributes.ints("results"),
            scales: attributes.floats("scales"),
            segments: part(&segments, space).first().copied().unwrap_or(0),
        };
        let types = output_types[space * outputs..(space + 1) * outputs].to_vec();
        Kernel::new(decode(&encoded)?, input_types.clone(), types)
    };
    (0..spaces).map(kernel).collect()
}

pub fn source<'a>(input: &Input<'a>) -> Result<Source<'a>, Failure> {
    if input.is::<f32>() {
        input.elements().map(Source::Floats)
    } else if input.is::<i32>() {
        input.elements().map(Source::Ints)
    } else {
        input.elements().map(Source::Bytes)
    }
}

/// The node's outputs, of these types and shapes.
pub fn sinks<'a>(
    stored: impl Iterator<Item = &'a Stored>,
    shapes: &[Vec<usize>],
    call: &'a Call,
) -> Result<Vec<Sink<'a>>, Failure> {
    let sink = |(i, (stored, shape)): (usize, (&Stored, &Vec<usize>))| {
        Ok(match stored {
            Stored::Floats => Sink::Floats(call.output(i, shape)?),
            Stored::Ints => Sink::Ints(call.output(i, shape)?),
            Stored::Bytes => Sink::Bytes(call.output(i, shape)?),
        })
    };
    stored.zip(shapes).enumerate().map(sink).collect()
}

/// A program over floats.
#[cfg(test)]
pub fn kernel_of_floats(encoded: &Encoded) -> Result<Kernel, Failure> {
    let program = decode(encoded)?;
    let floats = |count| vec![Stored::Floats; count];
    let (inputs, outputs) = (program.leaves.len(), program.results.len());
    Kernel::new(program, floats(inputs), floats(outputs))
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
        runs[at].task(task - firsts[at], &[]);
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
