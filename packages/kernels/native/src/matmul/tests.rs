//! Against sums in double precision.

use super::{Layout, multiply};
use crate::parallel::{Parallel, Sequential, Threads};

/// Any layout of one matrix or a stack.
fn layout(rows: usize, columns: usize, inner: usize, stack: usize, transposed: (bool, bool)) -> Layout {
    let (left_row, left_inner) = if transposed.0 { (1, rows) } else { (inner, 1) };
    let (right_inner, right_column) = if transposed.1 { (1, inner) } else { (columns, 1) };
    let stack_steps = [vec![rows * inner], vec![inner * columns], vec![rows * columns]];
    let stack = vec![stack];
    Layout {
        rows,
        columns,
        inner,
        stack,
        stack_steps,
        left_row,
        left_inner,
        right_inner,
        right_column,
        row: columns,
        ..Layout::default()
    }
}

fn numbers(count: usize, seed: usize) -> Vec<f32> {
    (0..count).map(|i| ((i * 7919 + seed * 104_729) % 2003) as f32 / 1001.5 - 1.0).collect()
}

fn expected(l: &Layout, left: &[f32], right: &[f32], addend: Option<&[f32]>) -> Vec<f64> {
    let mut result = Vec::new();
    for index in 0..l.stack[0] {
        let [a, b, _] = l.starts(index);
        for i in 0..l.rows {
            for j in 0..l.columns {
                let start = addend.map_or(0.0, |row| f64::from(row[j]));
                result.push((0..l.inner).fold(start, |sum, k| {
                    let x = f64::from(left[a + i * l.left_row + k * l.left_inner]);
                    sum + x * f64::from(right[b + k * l.right_inner + j * l.right_column])
                }));
            }
        }
    }
    result
}

#[test]
fn products_of_any_shape_are_exact_to_rounding_and_the_same_on_any_number_of_threads() {
    let shapes = [
        (1, 1, 1, 1),
        (1, 17, 5, 1),
        (7, 1, 3, 2),
        (13, 16, 300, 1),
        (97, 33, 65, 1),
        (200, 130, 257, 1),
        (64, 64, 16, 9),
        (5, 3, 0, 2),
        (0, 4, 3, 1),
        (1600, 20, 30, 1),
    ];
    for (rows, columns, inner, stack) in shapes {
        for transposed in [(false, false), (false, true), (true, false), (true, true)] {
            for has_addend in [false, true] {
                let l = layout(rows, columns, inner, stack, transposed);
                let (left, right) = (numbers(stack * rows * inner, 1), numbers(stack * inner * columns, 2));
                let row = numbers(columns, 3);
                let addend = has_addend.then_some(row.as_slice());
                l.check(left.len(), right.len(), stack * rows * columns).expect("the layout fits");
                let run = |parallel: &dyn Parallel| {
                    let mut result = vec![f32::NAN; stack * rows * columns];
                    multiply(&l, &left, &right, addend, &mut result, parallel);
                    result
                };
                let one = run(&Sequential);
                let bound = 1e-6 * (inner as f64 + 4.0);
                for (got, want) in one.iter().zip(expected(&l, &left, &right, addend)) {
                    assert!((f64::from(*got) - want).abs() <= bound, "{l:?}: {got} for {want}");
                }
                let bits = |values: &[f32]| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
                for threads in [2, 3] {
                    assert_eq!(bits(&run(&Threads(threads))), bits(&one), "{threads} threads, {l:?}");
                }
            }
        }
    }
}

#[test]
fn a_layout_that_leaves_its_tensors_is_refused() {
    let l = layout(4, 5, 6, 2, (false, false));
    assert!(l.check(48, 60, 40).is_ok());
    assert!(l.check(47, 60, 40).is_err());
    assert!(l.check(48, 59, 40).is_err());
    assert!(l.check(48, 60, 39).is_err());
    let wraps = Layout { left_row: 1 << 62, left_inner: 1, ..layout(5, 5, 6, 1, (false, false)) }; // 4 · 2⁶² is 0 in 64 bits
    assert!(wraps.check(30, 30, 25).is_err());
    assert!(Layout { row: 4, ..l }.check(48, 60, 40).is_err(), "rows of the result would overlap");
}
