//! Products of matrices and of stacks of them, wherever their elements lie: transposes cost nothing.

mod by_columns;
mod joined;
mod layout;
mod product;
#[cfg(test)]
mod tests;

pub use layout::Layout;

use crate::parallel::Parallel;
use crate::runtime::{Attributes, Call, Failure, Operator, failure};
use joined::Joined;
use product::{Pointer, Product};

/// Inputs: left, right, and optionally a row to add to each row. Output: the product, or what a program that joins it makes of it.
///
/// Element (i, j) of matrix (b₀, b₁ …): `Σ_k left[left_start + …bₙ·left_stackₙ + i·left_row + k·left_inner] · right[right_start + … + k·right_inner + j·right_column]`,
/// written to `… + i·row + j`.
pub struct MatMul {
    shapes: Vec<Vec<usize>>,
    layout: Layout,
    joined: Option<Joined>,
}

impl Operator for MatMul {
    const NAME: &'static std::ffi::CStr = c"MatMul";

    fn create(attributes: &Attributes) -> Result<Self, Failure> {
        let layout = Layout {
            rows: attributes.length("rows")?,
            columns: attributes.length("columns")?,
            inner: attributes.length("inner")?,
            stack: attributes.lengths("stack")?,
            stack_steps: [
                attributes.lengths("left_stack")?,
                attributes.lengths("right_stack")?,
                attributes.lengths("result_stack")?,
            ],
            left_start: attributes.length("left_start")?,
            right_start: attributes.length("right_start")?,
            left_row: attributes.length("left_row")?,
            left_inner: attributes.length("left_inner")?,
            right_inner: attributes.length("right_inner")?,
            right_column: attributes.length("right_column")?,
            row: attributes.length("row")?,
        };
        if layout.left_row != 1 && layout.left_inner != 1 {
            return Err(failure("the left operand must be contiguous along its rows or along its inner axis"));
        }
        if layout.stack_steps.iter().any(|steps| steps.len() != layout.stack.len()) {
            return Err(failure("stack, left_stack, right_stack and result_stack must be of one length"));
        }
        Ok(MatMul { shapes: attributes.output_shapes()?, joined: Joined::read(attributes, &layout)?, layout })
    }

    fn compute(&self, call: &Call) -> Result<(), Failure> {
        let (left, right) = (call.input(0)?.floats()?, call.input(1)?.floats()?);
        let others = self.joined.as_ref().map_or(0, Joined::others);
        let (rest, others) = call.inputs[2..]
            .split_at_checked(call.inputs.len().saturating_sub(2 + others))
            .filter(|(rest, _)| rest.len() <= 1)
            .ok_or_else(|| failure(format!("there must be {others} inputs besides the product's two or three")))?;
        let addend = rest.first().map(|input| input.floats()).transpose()?;
        if addend.is_some_and(|row| row.len() != self.layout.columns) {
            return Err(failure("the addend must have one element a column"));
        }
        let operands = Operands { left, right, addend };
        if let Some(joined) = &self.joined {
            return joined.compute(&self.layout, operands, others, &self.shapes, call);
        }
        let result = call.output::<f32>(0, &self.shapes[0])?;
        self.layout.check(left.len(), right.len(), result.len())?;
        multiply(&self.layout, operands, result, call);
        Ok(())
    }
}

/// Tasks that a stack of products is cut into at most.
const MOST_TASKS: usize = 64;
/// Multiply-adds that are worth another thread.
const WORTHWHILE: usize = 1 << 16;

#[derive(Clone, Copy)]
pub struct Operands<'a> {
    pub left: &'a [f32],
    pub right: &'a [f32],
    /// Added to each row.
    pub addend: Option<&'a [f32]>,
}

pub fn multiply(layout: &Layout, operands: Operands, result: &mut [f32], parallel: &dyn Parallel) {
    if layout.is_empty() {
        return;
    }
    let count: usize = layout.stack.iter().product();
    let work = layout.rows * layout.columns * layout.inner;
    let product = Product { layout, operands, result: Pointer(result.as_mut_ptr()) };
    if count >= 8 || work < WORTHWHILE {
        let each = (WORTHWHILE / work.max(1)).max(count / MOST_TASKS).clamp(1, count);
        parallel.run(count.div_ceil(each), &|task| {
            for index in task * each..count.min((task + 1) * each) {
                product.alone(layout.starts(index));
            }
        });
    } else {
        for index in 0..count {
            product.together(layout.starts(index), parallel);
        }
    }
}
