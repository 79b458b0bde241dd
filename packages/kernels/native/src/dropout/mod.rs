//! Dropout whose mask is made where it is needed, and never written.

mod numbers;
#[cfg(test)]
mod tests;

use std::ffi::CStr;

use crate::parallel::{Parallel, Shared};
use crate::rows::{Loops, vectorized};
use crate::runtime::{Attributes, Call, Failure, Operator, failure};
use numbers::{Chance, Columns, crossing};

/// Inputs: a tensor, whose last axis has `columns`, and the key [4] (int32). Output: elements whose number is below `threshold` become 0,
/// the others are multiplied by `factor`. It is its own gradient.
pub struct Dropout {
    columns: usize,
    rate: Rate,
}

impl Operator for Dropout {
    const NAME: &'static CStr = c"Dropout";

    fn create(attributes: &Attributes) -> Result<Self, Failure> {
        Ok(Dropout { columns: attributes.length("columns")?, rate: Rate::create(attributes)? })
    }

    fn compute(&self, call: &Call) -> Result<(), Failure> {
        let (x, key) = (call.input(0)?, call.input(1)?.elements::<i32>()?);
        if self.columns == 0 || x.size() % self.columns != 0 {
            return Err(failure(format!("rows must have {} columns, got a tensor {:?}", self.columns, x.shape)));
        }
        let result = call.output::<f32>(0, &x.shape)?;
        Dropping::new(self.rate, key, self.columns)?.apply(x.floats()?, result, call);
        Ok(())
    }
}

/// How much is dropped, and by which numbers.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// The call's number among those that draw from one key.
    pub call: u32,
    /// Of 2²².
    pub threshold: u32,
    pub factor: f32,
}

impl Rate {
    pub fn create(attributes: &Attributes) -> Result<Self, Failure> {
        Ok(Rate {
            call: attributes.length("call")? as u32, // a length is below 2³¹
            threshold: attributes.length("threshold")? as u32,
            factor: attributes.float("factor")?,
        })
    }

    /// None where a node has no threshold, or 0.
    pub fn create_optional(attributes: &Attributes) -> Result<Option<Self>, Failure> {
        attributes.flag("threshold").then(|| Rate::create(attributes)).transpose()
    }
}

/// What is dropped of a matrix.
pub struct Dropping {
    rate: Rate,
    chance: Chance,
    columns: Columns,
    width: usize,
}

impl Dropping {
    pub fn new(rate: Rate, key: &[i32], width: usize) -> Result<Self, Failure> {
        let key = key.try_into().map_err(|_| failure(format!("the key must have 4 parts, got {}", key.len())))?;
        let chance = Chance::new(key, rate.call);
        Ok(Dropping { rate, chance, columns: chance.columns(width), width })
    }

    /// Drops of a row's values, from column `first` on.
    #[inline(always)]
    pub fn drop(&self, row: usize, first: usize, values: &mut [f32]) {
        let row = self.chance.row(row);
        let Rate { threshold, factor, .. } = self.rate;
        let n = values.len();
        let [a, b, c, d] = self.columns.part(first..first + n).map(|part| &part[..n]);
        for i in 0..n {
            let is_kept = crossing(&row, [a[i], b[i], c[i], d[i]]) >= threshold;
            values[i] = if is_kept { values[i] * factor } else { 0.0 };
        }
    }

    /// All of a matrix, its rows end to end.
    fn apply(&self, x: &[f32], result: &mut [f32], parallel: &dyn Parallel) {
        let size = result.len();
        let result = Shared::new(result);
        parallel.run(size.div_ceil(TASK), &|task| {
            let start = task * TASK;
            let length = TASK.min(size - start);
            // SAFETY: each piece is one task's.
            let result = unsafe { result.part(start, length) };
            vectorized(Piece { dropping: self, start, x: &x[start..start + length], result });
        });
    }
}

/// Elements of a task.
const TASK: usize = 1 << 14;

/// Elements from `start` on.
struct Piece<'a> {
    dropping: &'a Dropping,
    start: usize,
    x: &'a [f32],
    result: &'a mut [f32],
}

impl Loops for Piece<'_> {
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
        self.result.copy_from_slice(self.x);
        let mut rest = self.result;
        let width = self.dropping.width;
        let (mut row, mut column) = (self.start / width, self.start % width);
        while !rest.is_empty() {
            let length = rest.len().min(width - column);
            let (values, after) = rest.split_at_mut(length);
            self.dropping.drop(row, column, values);
            (row, column, rest) = (row + 1, 0, after);
        }
    }
}
