//! A product whose rows a program goes over while they are in the cache: activations, residuals, norms. Nobody else needs to see the
//! product then.

use super::product::{Pointer, Product};
use super::{Layout, Operands};
use crate::fused::{Kernel, Sink, Source, kernels, sinks, source};
use crate::parallel::{Parallel, Shared};
use crate::runtime::{Attributes, Call, Failure, Input, failure};
use crate::scratch::Scratch;

pub struct Joined {
    kernel: Kernel,
    /// The program's input that is the product.
    product: usize,
    /// The product is the node's last output.
    is_kept: bool,
    task_rows: usize,
}

impl Joined {
    /// None where the node carries no program.
    pub fn read(attributes: &Attributes, layout: &Layout) -> Result<Option<Self>, Failure> {
        if attributes.ints("results").is_empty() {
            return Ok(None);
        }
        let is_kept = attributes.flag("kept");
        let kernel = kernels(attributes, 1, usize::from(is_kept))?.swap_remove(0);
        Joined::new(kernel, attributes.length("product")?, is_kept, layout).map(Some)
    }

    pub fn new(kernel: Kernel, product: usize, is_kept: bool, layout: &Layout) -> Result<Self, Failure> {
        let is_one = layout.stack.iter().product::<usize>() == 1;
        if !is_one
            || layout.left_inner != 1
            || kernel.space() != (layout.rows, layout.columns)
            || layout.row != layout.columns
        {
            return Err(failure(
                "a program joins one product of its own space whose left operand's rows are contiguous",
            ));
        }
        let task_rows = task_rows(layout.rows, layout.columns);
        Ok(Joined { kernel: kernel.over_made(product, task_rows)?, product, is_kept, task_rows })
    }

    /// Inputs of the program besides the product.
    pub fn others(&self) -> usize {
        self.kernel.inputs() - 1
    }

    pub fn compute(
        &self,
        layout: &Layout,
        operands: Operands,
        others: &[Input],
        shapes: &[Vec<usize>],
        call: &Call,
    ) -> Result<(), Failure> {
        let mut inputs = others.iter().map(source).collect::<Result<Vec<_>, _>>()?;
        inputs.insert(self.product, Source::Floats(&[]));
        let stored = self.kernel.stored_outputs();
        let mut outputs = sinks(stored.iter(), shapes, call)?;
        let kept = match shapes.get(stored.len()) {
            Some(shape) if self.is_kept => Some(call.output(stored.len(), shape)?),
            _ if self.is_kept => return Err(failure("the product that is kept must have a shape")),
            _ => None,
        };
        self.run(layout, operands, &inputs, &mut outputs, kept, call)
    }

    /// `inputs` are the program's; what stands for the product is not read. Where the product is not kept, it is in a task's memory
    /// for a while.
    pub fn run(
        &self,
        layout: &Layout,
        operands: Operands,
        inputs: &[Source],
        outputs: &mut [Sink],
        kept: Option<&mut [f32]>,
        parallel: &dyn Parallel,
    ) -> Result<(), Failure> {
        layout.check(operands.left.len(), operands.right.len(), kept.as_ref().map_or(usize::MAX, |kept| kept.len()))?;
        let kept = kept.map(Shared::new);
        let run = self.kernel.prepare(inputs, outputs)?;
        let columns = layout.columns;
        let product = Product { layout, operands, result: Pointer(std::ptr::null_mut()) };
        if run.tasks() > 0 {
            let panels = product.panels(layout.right_start, parallel);
            parallel.run(run.tasks(), &|task| {
                let first = task * self.task_rows;
                let last = layout.rows.min(first + self.task_rows);
                let size = (last - first) * columns;
                let mut own = Scratch::new(if kept.is_some() { 0 } else { size });
                let rows = match &kept {
                    // SAFETY: each task has its own rows.
                    Some(kept) => unsafe { kept.part(first * columns, size) },
                    None => &mut own,
                };
                let all = (0, panels.count());
                // SAFETY: `check` proved that the left operand's rows lie in it; this task's rows are whole.
                unsafe {
                    product.by_rows(layout.left_start, (first, last), all, &panels, (rows.as_mut_ptr(), columns));
                }
                run.task(task, rows);
            });
        }
        run.finish();
        Ok(())
    }
}

/// Of a task: few enough that they stay in the second-level cache, and enough tasks for the threads of a usual machine. A multiple of
/// every tile's.
fn task_rows(rows: usize, columns: usize) -> usize {
    const TILE: usize = 12;
    const FLOATS: usize = 64_000;
    const TASKS: usize = 16;
    let staying = FLOATS / columns.max(1) / TILE * TILE;
    staying.clamp(TILE, 4 * TILE).min(rows.div_ceil(TASKS).next_multiple_of(TILE)).max(TILE)
}
