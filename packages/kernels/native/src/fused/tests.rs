//! Random programs against a plain evaluator in double precision.

use super::kernel::{Kernel, Sink, Source};
use super::program::{Class, Encoded, Kind, Layout, Op, Program, decode};
use super::schedule::Stored;
use crate::parallel::{Parallel, Sequential};

/// Threads that take turns: thread t takes tasks t, t + n, …
struct Threads(usize);

impl Parallel for Threads {
    fn run(&self, tasks: usize, body: &(dyn Fn(usize) + Sync)) {
        std::thread::scope(|scope| {
            for thread in 0..self.0 {
                scope.spawn(move || (thread..tasks).step_by(self.0).for_each(body));
            }
        });
    }
}

/// Marsaglia's xorshift.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }

    fn number(&mut self) -> f32 {
        self.below(2001) as f32 / 500.0 - 2.0
    }
}

fn number_of(op: Op) -> i64 {
    op as usize as i64
}

/// Operators that neither leave the numbers nor jump between them.
const SMOOTH: [Op; 16] = [
    Op::Copy,
    Op::Neg,
    Op::Abs,
    Op::Tanh,
    Op::Erf,
    Op::Sigmoid,
    Op::Add,
    Op::Sub,
    Op::Mul,
    Op::Max,
    Op::Min,
    Op::Where,
    Op::RowSum,
    Op::RowMax,
    Op::RowMin,
    Op::Spread,
];

fn random_program(chance: &mut Chance, axes: &[usize]) -> Encoded {
    let columns = axes[axes.len() - 1];
    let inputs = 1 + chance.below(4);
    let mut strides = Vec::new();
    for input in 0..inputs {
        let kind = if input == 0 { 0 } else { chance.below(6) };
        let mut stride = columns;
        let mut outer: Vec<i64> = axes[..axes.len() - 1]
            .iter()
            .rev()
            .map(|&length| {
                let own = stride;
                stride *= length;
                own as i64
            })
            .collect();
        outer.reverse();
        match kind {
            0 => strides.extend(outer.iter().copied().chain([1])),
            1 => strides.extend(outer.iter().map(|_| 0).chain([1])),
            2 => strides.extend(outer.iter().map(|stride| stride / columns.max(1) as i64).chain([0])),
            3 => strides.extend(outer.iter().map(|_| 0).chain([0])),
            4 => {
                strides.extend(outer.iter().enumerate().map(|(i, &stride)| if i == 0 { 0 } else { stride }).chain([1]))
            }
            _ => strides.extend(
                outer
                    .iter()
                    .enumerate()
                    .map(|(i, &stride)| if i == 0 { 0 } else { stride / columns.max(1) as i64 })
                    .chain([0]),
            ),
        }
    }
    let immediates: Vec<f32> = (0..chance.below(3)).map(|_| chance.number()).collect();
    let mut encoded = Encoded {
        axes: axes.iter().map(|&length| length as i64).collect(),
        strides,
        immediates,
        segments: if axes.len() > 1 && axes[0] > 0 && chance.below(3) == 0 { axes[0] as i64 } else { 1 },
        ..Encoded::default()
    };
    let mut values = inputs + encoded.immediates.len();
    for _ in 0..1 + chance.below(12) {
        let op = SMOOTH[chance.below(SMOOTH.len())];
        let mut words = vec![number_of(op)];
        words.extend((0..3).map(|_| chance.below(values) as i64));
        encoded.program.extend(words);
        if decode(&encoded).is_err() {
            encoded.program.truncate(encoded.program.len() - 4); // a reduction of what does not differ along a row
            continue;
        }
        values += 1;
    }
    for _ in 0..1 + chance.below(4) {
        let result = [chance.below(values) as i64, chance.below(4) as i64];
        encoded.results.extend(result);
        encoded.scales.push(1.0);
        if decode(&encoded).is_err() {
            encoded.results.truncate(encoded.results.len() - 2);
            encoded.scales.pop();
        }
    }
    encoded
}

/// Every value for every element, without any blocks.
fn evaluate(program: &Program, inputs: &[Vec<f32>]) -> Vec<Vec<f64>> {
    let (rows, columns) = (program.rows, program.columns);
    let size = rows * columns;
    let mut values: Vec<Vec<f64>> = Vec::new();
    for (leaf, input) in program.leaves.iter().zip(inputs) {
        let step = usize::from(!matches!(leaf.layout, Layout::Number | Layout::Rows | Layout::GatheredRows));
        values.push(
            (0..size)
                .map(|i| {
                    let (mut rest, mut place) = (i / columns, i % columns * step);
                    for (&length, &stride) in program.outer.iter().zip(&leaf.strides).rev() {
                        place += rest % length * stride;
                        rest /= length;
                    }
                    f64::from(input[place])
                })
                .collect(),
        );
    }
    values.extend(program.immediates.iter().map(|&value| vec![f64::from(value); size]));
    for instruction in &program.instructions {
        let read: Vec<&Vec<f64>> = instruction.operands.iter().map(|&value| &values[value]).collect();
        let row = |i: usize| &read[0][i / columns * columns..(i / columns + 1) * columns];
        let made = (0..size)
            .map(|i| {
                let at = |operand: usize| read[operand][i];
                match instruction.op {
                    Op::Copy | Op::Spread => at(0),
                    Op::Neg => -at(0),
                    Op::Abs => at(0).abs(),
                    Op::Tanh => at(0).tanh(),
                    Op::Erf => f64::from(super::math::erf::<true>(at(0) as f32)),
                    Op::Sigmoid => 1.0 / (1.0 + (-at(0)).exp()),
                    Op::Add => at(0) + at(1),
                    Op::Sub => at(0) - at(1),
                    Op::Mul => at(0) * at(1),
                    Op::Max => at(0).max(at(1)),
                    Op::Min => at(0).min(at(1)),
                    Op::Where => {
                        if at(0) != 0.0 {
                            at(1)
                        } else {
                            at(2)
                        }
                    }
                    Op::RowSum => row(i).iter().sum(),
                    Op::RowMax => row(i).iter().copied().fold(f64::NEG_INFINITY, f64::max),
                    Op::RowMin => row(i).iter().copied().fold(f64::INFINITY, f64::min),
                    other => unreachable!("{other:?} is not drawn"),
                }
            })
            .collect();
        values.push(made);
    }
    values
}

/// For each output, the numbers and how large the terms of each were.
fn expected(program: &Program, inputs: &[Vec<f32>]) -> Vec<Vec<(f64, f64)>> {
    let values = evaluate(program, inputs);
    let columns = program.columns;
    let summed = |value: &[f64], size: usize, at: &dyn Fn(usize) -> usize| {
        let mut sums = vec![(0.0, 0.0); size];
        for (i, &element) in value.iter().enumerate() {
            let sum = &mut sums[at(i)];
            *sum = (sum.0 + element, sum.1 + element.abs());
        }
        sums
    };
    let one = |result: &super::program::Product| {
        let value = &values[result.value];
        match result.kind {
            Kind::Whole => value.iter().map(|&value| (value, value.abs())).collect(),
            Kind::Rows => (0..program.rows).map(|row| (value[row * columns], value[row * columns].abs())).collect(),
            Kind::Total => summed(value, 1, &|_| 0),
            Kind::ColumnSums => {
                let stretch = program.rows / program.segments * columns;
                summed(value, program.segments * columns, &|i| i / stretch * columns + i % columns)
            }
        }
    };
    program.results.iter().map(one).collect()
}

fn run(program: &Program, inputs: &[Vec<f32>], parallel: &dyn Parallel) -> Vec<Vec<f32>> {
    let kernel =
        Kernel::new(program.clone(), vec![Stored::Floats; inputs.len()], vec![Stored::Floats; program.results.len()])
            .unwrap();
    let sources: Vec<Source> = inputs.iter().map(|input| Source::Floats(input)).collect();
    let mut outputs: Vec<Vec<f32>> =
        program.results.iter().map(|result| vec![f32::NAN; program.size_of(result.kind)]).collect();
    let mut sinks: Vec<Sink> = outputs.iter_mut().map(|output| Sink::Floats(output)).collect();
    kernel.run(&sources, &mut sinks, parallel).unwrap();
    drop(sinks);
    outputs
}

#[test]
fn random_programs() {
    let shapes: [&[usize]; 17] = [
        &[7],
        &[1],
        &[3000],
        &[40_000],
        &[5, 3],
        &[64, 16],
        &[3000, 16],
        &[3, 5, 17],
        &[4, 100, 33],
        &[2, 3, 4, 5],
        &[50, 1],
        &[3, 5000],
        &[20, 9, 300],
        &[1, 33_000],
        &[17, 2100],
        &[2, 700, 64],
        &[40, 2, 600],
    ];
    let is_short = crate::patience::is_short();
    let mut compared = 0;
    for seed in 1..200_u64 {
        let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        chance.below(2);
        let axes = shapes[chance.below(shapes.len())];
        if is_short && axes.iter().product::<usize>() > 3000 {
            continue;
        }
        let program = decode(&random_program(&mut chance, axes)).unwrap();
        let inputs: Vec<Vec<f32>> =
            program.leaves.iter().map(|leaf| (0..leaf.extent).map(|_| chance.number()).collect()).collect();
        let got = run(&program, &inputs, &Sequential);
        for threads in [2, 3] {
            let again = run(&program, &inputs, &Threads(threads));
            let bits = |all: &[Vec<f32>]| all.iter().flatten().map(|value| value.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&got), bits(&again), "seed {seed}: {threads} threads");
        }
        for (output, (got, expected)) in got.iter().zip(expected(&program, &inputs)).enumerate() {
            for (i, (&got, &(right, terms))) in got.iter().zip(&expected).enumerate() {
                // Long products of sums lose digits on the way.
                let scale = terms.max(right.abs()).max(1.0);
                assert!(
                    (f64::from(got) - right).abs() <= 1e-5 * scale || scale > 1e7,
                    "seed {seed} {axes:?} output {output} {:?} element {i}: {got} for {right}\n{program:#?}",
                    program.results[output].kind,
                );
                compared += usize::from(scale < 1e7);
            }
        }
    }
    assert!(compared > if is_short { 5000 } else { 500_000 }, "{compared}");
}

#[test]
fn results_larger_than_the_caches() {
    let axes = vec![739, 751]; // rows begin anywhere in a line
    let mut chance = Chance(77);
    let x: Vec<f32> = (0..739 * 751).map(|_| chance.number()).collect();
    let encoded = Encoded {
        axes,
        strides: vec![751, 1],
        immediates: vec![0.5],
        program: vec![number_of(Op::Mul), 0, 1, 0, number_of(Op::Tanh), 2, 0, 0],
        results: vec![2, 0, 3, 0, 0, 2],
        scales: vec![1.0; 3],
        segments: 1,
    };
    let program = decode(&encoded).expect("the program is sound");
    assert_eq!(program.passes_caches(), cfg!(target_arch = "x86_64"));
    let inputs = vec![x];
    let results = run(&program, &inputs, &Sequential);
    for (result, wanted) in results.iter().zip(expected(&program, &inputs)) {
        assert_eq!(result.len(), wanted.len());
        for (&value, (wanted, size)) in result.iter().zip(wanted) {
            assert!((f64::from(value) - wanted).abs() <= 1e-5 * (size + 1e-3), "{value} for {wanted}");
        }
    }
    let bits = |results: &[Vec<f32>]| results.iter().flatten().map(|x| x.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&run(&program, &inputs, &Threads(3))), bits(&results));
}

#[test]
fn sums_are_as_exact_as_pairwise_ones() {
    let shapes = [&[100_000_usize, 16][..], &[4096, 256], &[300, 5000], &[1_000_000], &[300, 16], &[3, 500], &[5000]];
    for axes in shapes.into_iter().filter(|axes| !crate::patience::is_short() || axes.iter().product::<usize>() <= 5000)
    {
        let total = axes.len() == 1;
        let columns = axes[axes.len() - 1];
        let encoded = Encoded {
            axes: axes.iter().map(|&length| length as i64).collect(),
            strides: if total { vec![1] } else { vec![columns as i64, 1] },
            results: vec![0, if total { 3 } else { 2 }],
            scales: vec![1.0],
            segments: 1,
            ..Encoded::default()
        };
        let program = decode(&encoded).unwrap();
        let input: Vec<f32> =
            (0..axes.iter().product::<usize>()).map(|i| ((i * 7919) % 1000) as f32 / 1000.0 + 0.1).collect();
        let got = &run(&program, std::slice::from_ref(&input), &Sequential)[0];
        for (got, (right, _)) in got.iter().zip(&expected(&program, &[input])[0]) {
            assert!((f64::from(*got) - right).abs() <= 5e-7 * right, "{axes:?}: {got} for {right}");
        }
    }
}

#[test]
fn integers_and_booleans() {
    // Where(mask, integer, 0.5), stored as each type
    let encoded = Encoded {
        axes: vec![5],
        strides: vec![1, 1],
        immediates: vec![0.5],
        program: vec![number_of(Op::Where), 0, 1, 2],
        results: vec![3, 0, 3, 0, 3, 0],
        scales: vec![1.0; 3],
        segments: 1,
    };
    let types = vec![Stored::Floats, Stored::Ints, Stored::Bytes];
    let kernel = Kernel::new(decode(&encoded).unwrap(), vec![Stored::Bytes, Stored::Ints], types).unwrap();
    let (mut floats, mut ints, mut bytes) = ([0.0; 5], [9; 5], [9; 5]);
    let sources = [Source::Bytes(&[1, 0, 1, 0, 1]), Source::Ints(&[-7, 2, 0, 4, 5])];
    kernel
        .run(&sources, &mut [Sink::Floats(&mut floats), Sink::Ints(&mut ints), Sink::Bytes(&mut bytes)], &Sequential)
        .unwrap();
    assert_eq!(floats, [-7.0, 0.5, 0.0, 0.5, 5.0]);
    assert_eq!(ints, [-7, 0, 0, 0, 5]);
    assert_eq!(bytes, [1, 1, 0, 1, 1]);
}

#[test]
fn nothing_to_do() {
    let encoded = Encoded {
        axes: vec![0, 4],
        strides: vec![4, 1],
        results: vec![0, 2, 0, 3, 0, 0],
        scales: vec![1.0; 3],
        segments: 1,
        ..Encoded::default()
    };
    let got = run(&decode(&encoded).unwrap(), &[vec![]], &Sequential);
    assert_eq!(got, [vec![0.0; 4], vec![0.0], vec![]]);
}

#[test]
fn bad_programs_are_refused() {
    let good = Encoded {
        axes: vec![4, 4],
        strides: vec![4, 1],
        program: vec![number_of(Op::Add), 0, 0, 0],
        results: vec![1, 0],
        scales: vec![1.0],
        segments: 1,
        ..Encoded::default()
    };
    assert!(decode(&good).is_ok());
    let refused = |change: &dyn Fn(&mut Encoded)| {
        let mut bad = good.clone();
        change(&mut bad);
        decode(&bad).is_err()
    };
    assert!(refused(&|bad| bad.program[0] = 99));
    assert!(refused(&|bad| bad.program[1] = 1));
    assert!(refused(&|bad| bad.program[2] = -1));
    assert!(refused(&|bad| bad.program.truncate(3)));
    assert!(refused(&|bad| bad.results[0] = 2));
    assert!(refused(&|bad| bad.results[1] = 4));
    assert!(refused(&|bad| bad.results[1] = 1)); // a whole value has no element for each row
    assert!(refused(&|bad| bad.strides[1] = 2));
    assert!(refused(&|bad| bad.strides[0] = -4));
    assert!(refused(&|bad| bad.axes = vec![]));
    assert!(refused(&|bad| bad.axes[0] = i64::MAX));
    assert!(refused(&|bad| bad.segments = 3));
    let kernel = Kernel::new(decode(&good).unwrap(), vec![Stored::Floats], vec![Stored::Floats]).unwrap();
    let mut output = [0.0; 16];
    assert!(kernel.run(&[Source::Floats(&[0.0; 15])], &mut [Sink::Floats(&mut output)], &Sequential).is_err());
    assert!(kernel.run(&[Source::Floats(&[0.0; 16])], &mut [Sink::Floats(&mut output[..15])], &Sequential).is_err());
    assert!(kernel.run(&[Source::Ints(&[0; 16])], &mut [Sink::Floats(&mut output)], &Sequential).is_err());
    assert_eq!(decode(&good).unwrap().classes, [Class::Block, Class::Block]);
}

#[test]
fn what_is_spread_over_a_row_can_be_summed() {
    let encoded = Encoded {
        axes: vec![2, 3],
        strides: vec![1, 0],
        program: vec![number_of(Op::Spread), 0, 0, 0],
        results: vec![1, 2, 1, 3, 0, 0],
        scales: vec![1.0, 0.5, 1.0],
        segments: 1,
        ..Encoded::default()
    };
    let got = run(&decode(&encoded).unwrap(), &[vec![1.0, 10.0]], &Sequential);
    assert_eq!(got, [vec![11.0; 3], vec![16.5], vec![1.0, 1.0, 1.0, 10.0, 10.0, 10.0]]);
}

#[test]
fn what_is_the_same_for_every_block_keeps_its_register() {
    // The row values' registers are free again when the sum of the column vector is taken.
    let encoded = Encoded {
        axes: vec![3, 2],
        strides: vec![1, 0, 0, 1, 2, 1],
        program: [
            [number_of(Op::Neg), 0, 0, 0],
            [number_of(Op::Neg), 3, 0, 0],
            [number_of(Op::Mul), 4, 2, 0],
            [number_of(Op::RowSum), 1, 0, 0],
            [number_of(Op::Neg), 0, 0, 0],
            [number_of(Op::Mul), 5, 6, 0],
            [number_of(Op::Mul), 8, 7, 0],
        ]
        .concat(),
        results: vec![9, 0],
        scales: vec![1.0],
        segments: 1,
        ..Encoded::default()
    };
    let inputs = [vec![1.0, 2.0, 3.0], vec![10.0, 20.0], vec![1.0; 6]];
    let got = run(&decode(&encoded).unwrap(), &inputs, &Sequential);
    assert_eq!(got, [vec![-30.0, -30.0, -120.0, -120.0, -270.0, -270.0]]);
}
