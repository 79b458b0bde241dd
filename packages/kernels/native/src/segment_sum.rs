//! Rows added up by number: the gradient of an embedding's look-up.

use std::ffi::CStr;
use std::ops::Range;

use crate::parallel::{Parallel, Shared};
use crate::runtime::{Attributes, Call, Failure, Operator, failure};

/// Inputs: rows [N, …], their numbers (int32) [N]. Output: for each number below `segments` the sum of its rows, in their order.
/// Other numbers are passed over.
pub struct SegmentSum {
    segments: usize,
}

impl Operator for SegmentSum {
    const NAME: &'static CStr = c"SegmentSum";

    fn create(attributes: &Attributes) -> Result<Self, Failure> {
        Ok(SegmentSum { segments: attributes.length("segments")? })
    }

    fn compute(&self, call: &Call) -> Result<(), Failure> {
        let (rows, numbers) = (call.input(0)?, call.input(1)?.elements::<i32>()?);
        let (count, shape) = rows.shape.split_first().ok_or_else(|| failure("rows must have an axis"))?;
        if *count != numbers.len() {
            return Err(failure(format!("there must be one number a row, got {} for {count}", numbers.len())));
        }
        let width: usize = shape.iter().product();
        let result = call.output::<f32>(0, &[&[self.segments], shape].concat())?;
        add_up(rows.floats()?, numbers, width, result, call);
        Ok(())
    }
}

/// Columns of a task at least: two cache lines.
const COLUMNS: usize = 32;
const TASKS: usize = 16;
/// Elements that are worth another task.
const WORTHWHILE: usize = 1 << 14;

/// Each task owns some columns of all segments, or, where rows are narrow, some segments: balanced in the first case whatever the
/// numbers are.
pub fn add_up(rows: &[f32], numbers: &[i32], width: usize, result: &mut [f32], parallel: &dyn Parallel) {
    let size = result.len();
    if size == 0 {
        return;
    }
    let segments = size / width;
    let result = Shared::new(result);
    parallel.run(size.div_ceil(WORTHWHILE), &|task| {
        let first = task * WORTHWHILE;
        // SAFETY: each piece is one task's.
        unsafe { result.part(first, WORTHWHILE.min(size - first)) }.fill(0.0);
    });
    let tasks = (rows.len() / WORTHWHILE).clamp(1, TASKS);
    if width >= 2 * COLUMNS {
        let each = width.div_ceil(tasks).next_multiple_of(COLUMNS);
        parallel.run(width.div_ceil(each), &|task| {
            let columns = task * each..width.min((task + 1) * each);
            add_part(rows, numbers, width, &result, 0..segments, columns);
        });
    } else {
        // Every task reads all numbers, which must stay cheap beside the rows.
        let tasks = tasks.min(width.div_ceil(2)).min(segments);
        let each = segments.div_ceil(tasks);
        parallel.run(segments.div_ceil(each), &|task| {
            let owned = task * each..segments.min((task + 1) * each);
            add_part(rows, numbers, width, &result, owned, 0..width);
        });
    }
}

fn add_part(
    rows: &[f32],
    numbers: &[i32],
    width: usize,
    result: &Shared<f32>,
    segments: Range<usize>,
    columns: Range<usize>,
) {
    for (row, &number) in rows.chunks_exact(width).zip(numbers) {
        let Ok(segment) = usize::try_from(number) else { continue };
        if segments.contains(&segment) {
            // SAFETY: each place is one task's, and one part is borrowed at a time.
            let sums = unsafe { result.part(segment * width + columns.start, columns.len()) };
            for (sum, value) in sums.iter_mut().zip(&row[columns.clone()]) {
                *sum += value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parallel::{Sequential, Threads};

    #[test]
    fn sums_by_number_pass_over_numbers_out_of_range_and_are_the_same_on_any_number_of_threads() {
        for (count, width, segments) in [
            (0, 3, 2),
            (1, 1, 1),
            (5, 1, 7),
            (300, 7, 11),
            (1000, 33, 50),
            (200, 64, 9),
            (500, 200, 40),
            (3, 0, 2),
            (3, 2, 0),
        ] {
            let rows: Vec<f32> = (0..count * width).map(|i| ((i * 7919) % 2003) as f32 / 1000.0 - 1.0).collect();
            let numbers: Vec<i32> = (0..count).map(|i| ((i * 31) % (segments + 4)) as i32 - 2).collect();
            let run = |parallel: &dyn Parallel| {
                let mut result = vec![f32::NAN; segments * width];
                add_up(&rows, &numbers, width, &mut result, parallel);
                result
            };
            let mut expected = vec![0.0_f32; segments * width];
            for (i, &number) in numbers.iter().enumerate() {
                if number >= 0 && (number as usize) < segments {
                    for j in 0..width {
                        expected[number as usize * width + j] += rows[i * width + j];
                    }
                }
            }
            assert_eq!(run(&Sequential), expected, "{count} rows of {width}");
            for threads in [2, 3] {
                assert_eq!(run(&Threads(threads)), expected, "{threads} threads");
            }
        }
    }
}
