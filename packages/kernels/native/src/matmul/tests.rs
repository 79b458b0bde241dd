//! Against sums in double precision.

use super::joined::Joined;
use super::{Layout, Operands, multiply};
use crate::fused::{Encoded, Op, Sink, Source, kernel_of_floats};
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
        (29, 140, 1024, 1), // rows a way of the first-level cache apart: they are copied
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
                    multiply(&l, Operands { left: &left, right: &right, addend }, &mut result, parallel);
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

/// y = tanh(product) + other; y, its sums over columns, and the largest product of each row.
fn program(rows: usize, columns: usize) -> Encoded {
    let (product, other) = (0, 1);
    let (tanh, y, largest) = (2, 3, 4);
    let (whole, of_rows, column_sums) = (0, 1, 2);
    Encoded {
        axes: vec![rows as i64, columns as i64],
        strides: [columns as i64, 1].repeat(2),
        program: [
            [Op::Tanh as i64, product, 0, 0],
            [Op::Add as i64, tanh, other, 0],
            [Op::RowMax as i64, product, 0, 0],
        ]
        .concat(),
        results: vec![y, whole, y, column_sums, largest, of_rows],
        scales: vec![1.0; 3],
        segments: 1,
        ..Encoded::default()
    }
}

/// What the program makes of a product: one after the other, or joined.
fn results(
    l: &Layout,
    operands: Operands,
    other: &[f32],
    is_joined: bool,
    is_kept: bool,
    parallel: &dyn Parallel,
) -> [Vec<f32>; 4] {
    let rows = l.stack[0] * l.rows;
    let [mut product, mut y] = [1, 2].map(|_| vec![f32::NAN; rows * l.columns]);
    let (mut sums, mut largest) = (vec![f32::NAN; l.columns], vec![f32::NAN; rows]);
    let kernel = kernel_of_floats(&program(rows, l.columns)).expect("a program");
    let mut outputs = [&mut y, &mut sums, &mut largest].map(|output| Sink::Floats(output));
    if is_joined {
        let inputs = [Source::Floats(&[]), Source::Floats(other)];
        let joined = Joined::new(kernel, 0, is_kept, l).expect("it joins");
        let kept = is_kept.then_some(product.as_mut_slice());
        joined.run(l, operands, &inputs, &mut outputs, kept, parallel).expect("it runs");
    } else {
        multiply(l, operands, &mut product, parallel);
        kernel.run(&[Source::Floats(&product), Source::Floats(other)], &mut outputs, parallel).expect("it runs");
    }
    [product, y, sums, largest]
}

#[test]
fn a_program_that_joins_a_product_computes_the_same() {
    let shapes = [
        (1, 1, 1, 1),
        (2, 1, 3, 1),
        (7, 5, 0, 1),
        (13, 33, 65, 1),
        (200, 130, 257, 1),
        (1600, 20, 30, 1),
        (30, 3000, 4, 1),
        (0, 4, 3, 1),
        (5, 0, 2, 1),
        (64, 64, 16, 9),
        (3, 5, 7, 40),
        (60, 70, 20, 2),
        (5, 3, 4, 0),
    ];
    let bits = |values: &[f32]| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    for (rows, columns, inner, stack) in shapes {
        let l = layout(rows, columns, inner, stack, (false, true));
        let (left, right, row) =
            (numbers(stack * rows * inner, 1), numbers(stack * inner * columns, 2), numbers(columns, 3));
        let other = numbers(stack * rows * columns, 4);
        let operands = Operands { left: &left, right: &right, addend: Some(&row) };
        let [product, y, sums, largest] = results(&l, operands, &other, false, true, &Sequential);
        for is_kept in [false, true] {
            let joined = results(&l, operands, &other, true, is_kept, &Sequential);
            if is_kept {
                assert_eq!(bits(&joined[0]), bits(&product), "{l:?}");
            }
            assert_eq!(bits(&joined[1]), bits(&y), "{l:?}");
            assert_eq!(bits(&joined[3]), bits(&largest), "{l:?}");
            for (got, want) in joined[2].iter().zip(&sums) {
                assert!((got - want).abs() <= 1e-6 * (stack * rows) as f32, "{l:?}: {got} for {want}"); // summed in another order
            }
            for threads in [2, 3] {
                let again = results(&l, operands, &other, true, is_kept, &Threads(threads));
                assert_eq!(
                    again.map(|values| bits(&values)),
                    joined.clone().map(|values| bits(&values)),
                    "{threads} threads"
                );
            }
        }
    }
}

#[test]
fn a_program_joins_products_of_its_space_alone() {
    let kernel = || kernel_of_floats(&program(6, 5)).expect("a program");
    let fits = layout(6, 5, 4, 1, (false, false));
    assert!(Joined::new(kernel(), 0, false, &fits).is_ok());
    for wrong in [layout(5, 6, 4, 1, (false, false)), layout(6, 5, 4, 1, (true, false))] {
        assert!(Joined::new(kernel(), 0, false, &wrong).is_err());
    }
    assert!(Joined::new(kernel(), 0, false, &layout(3, 5, 4, 2, (false, false))).is_ok(), "a stack");
    assert!(Joined::new(kernel(), 0, false, &layout(6, 5, 4, 2, (false, false))).is_err(), "of another space");
    let apart = Layout { stack_steps: [vec![12], vec![20], vec![16]], ..layout(3, 5, 4, 2, (false, false)) };
    assert!(Joined::new(kernel(), 0, false, &apart).is_err(), "its matrices lie apart");
    assert!(Joined::new(kernel(), 2, false, &fits).is_err(), "no such input");
    let joined = Joined::new(kernel(), 0, true, &fits).expect("it joins");
    let numbers = [0.0; 30];
    let operands = Operands { left: &numbers[..24], right: &numbers[..20], addend: None };
    let run = |other: &[f32], kept: usize| {
        let (mut y, mut sums, mut largest, mut product) = ([0.0; 30], [0.0; 5], [0.0; 6], [0.0; 30]);
        let mut outputs = [Sink::Floats(&mut y), Sink::Floats(&mut sums), Sink::Floats(&mut largest)];
        let inputs = [Source::Floats(&[]), Source::Floats(other)];
        joined.run(&fits, operands, &inputs, &mut outputs, Some(&mut product[..kept]), &Sequential)
    };
    assert!(run(&numbers, 30).is_ok());
    assert!(run(&numbers[..29], 30).is_err(), "another input is short");
    assert!(run(&numbers, 29).is_err(), "the product's place is short");
}
