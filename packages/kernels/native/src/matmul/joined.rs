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
        let count: usize = layout.stack.iter().product();
        let (rows, columns) = kernel.space();
        if layout.left_inner != 1 || !layout.is_gapless() || (rows, columns) != (count * layout.rows, layout.columns) {
            return Err(failure("a program joins products of its own space, from rows to rows that are contiguous"));
        }
        let task_rows = match count {
            1 => task_rows(rows, columns),
            _ => (task_rows(rows, columns) / layout.rows.max(1)).max(1) * layout.rows.max(1), // whole matrices
        };
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
            let (all_rows, _) = self.kernel.space();
            // One matrix meets one right operand; of a stack, each task packs its own.
            let panels = (all_rows == layout.rows).then(|| product.panels(layout.right_start, parallel));
            parallel.run(run.tasks(), &|task| {
                let first = task * self.task_rows;
                let last = all_rows.min(first + self.task_rows);
                let size = (last - first) * columns;
                let mut own = Scratch::new(if kept.is_some() { 0 } else { size });
                let rows = match &kept {
                    // SAFETY: each task has its own rows.
                    Some(kept) => unsafe { kept.part(first * columns, size) },
                    None => &mut own,
                };
                // SAFETY: `check` proved that the left operand's rows lie in it; this task's rows are whole.
                unsafe {
                    if let Some(panels) = &panels {
                        let to = (rows.as_mut_ptr(), columns);
                        product.by_rows(layout.left_start, (first, last), (0, panels.count()), panels, to);
                    } else {
                        let matrices = rows.chunks_exact_mut(layout.rows * columns);
                        for (index, matrix) in (first / layout.rows..).zip(matrices) {
                            product.alone_to(layout.starts(index), matrix.as_mut_ptr());
                        }
                    }
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
