//! A program as the node carries it, decoded and checked.
//!
//! Values are numbered: the inputs, then the immediates, then one for each instruction. An instruction reads values
//! before it only. What a value is — a number, one element a row, or a whole block — follows from what it is made of.

use crate::runtime::{Failure, failure};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[rustfmt::skip]
pub enum Op {
    Copy, Neg, Abs, Sign, Sqrt, Reciprocal, Exp, Log, Tanh, Erf, Sigmoid, Floor, Ceil, Round, IsNaN, IsInf, Not, Truth, Truncate,
    Add, Sub, Mul, Div, Max, Min, Pow, Less, LessOrEqual, Greater, GreaterOrEqual, Equal, And, Or,
    Where, MultiplyAdd,
    RowSum, RowMax, RowMin,
    /// The sum of products of two values over each row.
    RowDot,
    /// What differs less, written for every element.
    Spread,
    // Two operators in one pass, made by the schedule alone: a · b · c, (a + b) · c, (a − b) · c, c − a · b.
    MulMul, AddMul, SubMul, MulFrom,
}

/// Operators in the order of their numbers: `packages/tfjs-backend-onnx/src/fusion/opcodes.ts` has the same.
#[rustfmt::skip]
const OPS: [Op; 40] = [
    Op::Copy, Op::Neg, Op::Abs, Op::Sign, Op::Sqrt, Op::Reciprocal, Op::Exp, Op::Log, Op::Tanh, Op::Erf, Op::Sigmoid,
    Op::Floor, Op::Ceil, Op::Round, Op::IsNaN, Op::IsInf, Op::Not, Op::Truth, Op::Truncate,
    Op::Add, Op::Sub, Op::Mul, Op::Div, Op::Max, Op::Min, Op::Pow, Op::Less, Op::LessOrEqual, Op::Greater,
    Op::GreaterOrEqual, Op::Equal, Op::And, Op::Or,
    Op::Where, Op::MultiplyAdd,
    Op::RowSum, Op::RowMax, Op::RowMin, Op::RowDot,
    Op::Spread,
];

impl Op {
    pub fn operands(self) -> usize {
        let number = self as usize;
        match self {
            Op::Where | Op::MultiplyAdd | Op::MulMul | Op::AddMul | Op::SubMul | Op::MulFrom => 3,
            Op::RowDot => 2,
            _ if number >= Op::Add as usize && number <= Op::Or as usize => 2,
            _ => 1,
        }
    }

    pub fn is_reduction(self) -> bool {
        matches!(self, Op::RowSum | Op::RowMax | Op::RowMin | Op::RowDot)
    }
}

/// How much of the iteration space a value differs over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    Number,
    Row,
    Block,
}

#[derive(Clone, Debug)]
pub struct Instruction {
    pub op: Op,
    pub operands: Vec<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Every element of the space, in order.
    Whole,
    /// One element a row.
    Rows,
    /// Sums over the rows of each segment: [segments, columns].
    ColumnSums,
    /// One sum over everything.
    Total,
}

/// What a program leaves behind.
#[derive(Clone, Debug)]
pub struct Product {
    pub value: usize,
    pub kind: Kind,
    /// What sums are multiplied by.
    pub scale: f32,
}

/// How an input lies over the iteration space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One element.
    Number,
    /// As the space itself.
    Whole,
    /// One element a row, in order.
    Rows,
    /// One element a column, the same for every row.
    Columns,
    /// One row of elements for each row of the space, found by the strides of the outer axes.
    Gathered,
    /// One element for each row of the space, found likewise.
    GatheredRows,
}

#[derive(Clone, Debug)]
pub struct Leaf {
    pub layout: Layout,
    /// Elements to step for one step along each outer axis.
    pub strides: Vec<usize>,
    /// Elements that the strides reach.
    pub extent: usize,
}

#[derive(Clone, Debug)]
pub struct Program {
    /// Lengths of the axes before the last.
    pub outer: Vec<usize>,
    pub rows: usize,
    pub columns: usize,
    /// Column sums are taken over each of so many equal stretches of rows.
    pub segments: usize,
    pub leaves: Vec<Leaf>,
    pub immediates: Vec<f32>,
    pub instructions: Vec<Instruction>,
    pub results: Vec<Product>,
    /// Of every value.
    pub classes: Vec<Class>,
}

/// The lists that a node carries.
#[derive(Clone, Debug, Default)]
pub struct Encoded {
    /// Lengths of the axes of the iteration space; the last one is its columns.
    pub axes: Vec<i64>,
    /// For each input, elements to step along each axis.
    pub strides: Vec<i64>,
    pub immediates: Vec<f32>,
    /// For each instruction: operator and three values; those it does not read are ignored.
    pub program: Vec<i64>,
    /// For each output: value and kind.
    pub results: Vec<i64>,
    /// For each output.
    pub scales: Vec<f32>,
    pub segments: i64,
}

const MAX_ELEMENTS: usize = 1 << 40;
/// Rows that are reduced are held whole, in every register.
const MAX_REDUCED_ROW: usize = 1 << 16;
const MAX_INSTRUCTIONS: usize = 1024;

pub fn decode(encoded: &Encoded) -> Result<Program, Failure> {
    let axes = lengths(&encoded.axes)?;
    let (&columns, outer) = axes.split_last().ok_or_else(|| failure("axes must hold at least one length"))?;
    let rows: usize = outer.iter().product();
    let leaves = leaves(&encoded.strides, &axes)?;
    let instructions = instructions(encoded, leaves.len())?;
    let segments = usize::try_from(encoded.segments).unwrap_or(0);
    if segments == 0 || !rows.is_multiple_of(segments) {
        return Err(failure(format!("segments must divide the {rows} rows, got {}", encoded.segments)));
    }
    let mut program = Program {
        outer: outer.to_vec(),
        rows,
        columns,
        segments,
        classes: Vec::new(),
        leaves,
        immediates: encoded.immediates.clone(),
        instructions,
        results: Vec::new(),
    };
    if program.reduces_rows() && columns > MAX_REDUCED_ROW {
        return Err(failure(format!(
            "rows that are reduced must hold at most {MAX_REDUCED_ROW} elements, got {columns}"
        )));
    }
    program.classes = classes(&program)?;
    program.results = results(encoded, &program)?;
    Ok(program)
}

fn lengths(axes: &[i64]) -> Result<Vec<usize>, Failure> {
    let mut size = 1_usize;
    for &axis in axes {
        let length = usize::try_from(axis).map_err(|_| failure(format!("axes must not be negative, got {axis}")))?;
        size = size
            .checked_mul(length.max(1))
            .filter(|&size| size <= MAX_ELEMENTS)
            .ok_or_else(|| failure("axes are too long"))?;
    }
    Ok(axes.iter().map(|&axis| axis as usize).collect())
}

fn leaves(strides: &[i64], axes: &[usize]) -> Result<Vec<Leaf>, Failure> {
    if !strides.len().is_multiple_of(axes.len()) {
        return Err(failure("strides must hold one number for each input and axis"));
    }
    strides.chunks(axes.len()).map(|strides| leaf(strides, axes)).collect()
}

fn leaf(strides: &[i64], axes: &[usize]) -> Result<Leaf, Failure> {
    if strides.iter().any(|&stride| stride < 0 || stride > MAX_ELEMENTS as i64) {
        return Err(failure("strides must not be negative"));
    }
    let strides: Vec<usize> = strides.iter().map(|&stride| stride as usize).collect();
    let reach = |(&stride, &length): (&usize, &usize)| stride.checked_mul(length.saturating_sub(1));
    let extent = strides.iter().zip(axes).map(reach).try_fold(1_usize, |sum, reach| sum.checked_add(reach?));
    let extent = extent.ok_or_else(|| failure("strides reach too far"))?;
    let (&column, outer) = strides.split_last().expect("axes are not empty");
    let in_order = |width: usize| {
        let mut wanted = width;
        outer.iter().zip(axes).rev().all(|(&stride, &length)| {
            let fits = stride == wanted || length == 1;
            wanted *= length;
            fits
        })
    };
    let columns = axes[axes.len() - 1];
    let layout = match column {
        0 if outer.iter().all(|&stride| stride == 0) => Layout::Number,
        0 if in_order(1) => Layout::Rows,
        0 => Layout::GatheredRows,
        1 if in_order(columns) => Layout::Whole,
        1 if outer.iter().all(|&stride| stride == 0) => Layout::Columns,
        1 => Layout::Gathered,
        _ => {
            return Err(failure(format!("the last axis' stride must be 0 or 1, got {column}")));
        }
    };
    Ok(Leaf { layout, strides: outer.to_vec(), extent })
}

fn instructions(encoded: &Encoded, inputs: usize) -> Result<Vec<Instruction>, Failure> {
    if !encoded.program.len().is_multiple_of(4) {
        return Err(failure("program must hold four numbers for each instruction"));
    }
    if encoded.program.len() > 4 * MAX_INSTRUCTIONS {
        return Err(failure(format!("program must hold at most {MAX_INSTRUCTIONS} instructions")));
    }
    let before = inputs + encoded.immediates.len();
    let instruction = |(place, words): (usize, &[i64])| {
        let op = usize::try_from(words[0]).ok().and_then(|number| OPS.get(number).copied());
        let op = op.ok_or_else(|| failure(format!("program: no operator has number {}", words[0])))?;
        let read = |&word: &i64| {
            usize::try_from(word)
                .ok()
                .filter(|&value| value < before + place)
                .ok_or_else(|| failure(format!("program: instruction {place} must read values before it, got {word}")))
        };
        Ok(Instruction { op, operands: words[1..=op.operands()].iter().map(read).collect::<Result<_, _>>()? })
    };
    encoded.program.chunks(4).enumerate().map(instruction).collect()
}

fn classes(program: &Program) -> Result<Vec<Class>, Failure> {
    let of_leaf = |leaf: &Leaf| match leaf.layout {
        Layout::Number => Class::Number,
        Layout::Rows | Layout::GatheredRows => Class::Row,
        Layout::Whole | Layout::Columns | Layout::Gathered => Class::Block,
    };
    let mut classes: Vec<Class> = program.leaves.iter().map(of_leaf).collect();
    classes.extend(program.immediates.iter().map(|_| Class::Number));
    for Instruction { op, operands } in &program.instructions {
        let widest = operands.iter().map(|&value| classes[value]).max().expect("every operator has operands");
        if op.is_reduction() && operands.iter().any(|&value| classes[value] != Class::Block) {
            return Err(failure("program: only what differs along a row can be reduced over it"));
        }
        classes.push(match op {
            Op::Spread => Class::Block,
            _ if op.is_reduction() => Class::Row,
            _ => widest,
        });
    }
    Ok(classes)
}

fn results(encoded: &Encoded, program: &Program) -> Result<Vec<Product>, Failure> {
    if !encoded.results.len().is_multiple_of(2) || encoded.scales.len() * 2 != encoded.results.len() {
        return Err(failure("results must hold two numbers for each output, scales one"));
    }
    let result = |(words, &scale): (&[i64], &f32)| {
        let value = usize::try_from(words[0]).ok().filter(|&value| value < program.classes.len());
        let value = value.ok_or_else(|| failure(format!("results: no value has number {}", words[0])))?;
        let kind = match words[1] {
            0 => Kind::Whole,
            1 => Kind::Rows,
            2 => Kind::ColumnSums,
            3 => Kind::Total,
            other => return Err(failure(format!("results: no kind has number {other}"))),
        };
        let class = program.classes[value];
        let fits = match kind {
            Kind::Whole => true,
            Kind::Rows => class != Class::Block,
            Kind::ColumnSums | Kind::Total => class == Class::Block,
        };
        if !fits {
            return Err(failure(format!("results: a value that is a {class:?} has no {kind:?}")));
        }
        Ok(Product { value, kind, scale })
    };
    encoded.results.chunks(2).zip(&encoded.scales).map(result).collect()
}

impl Program {
    /// The first value that an instruction makes.
    pub fn first_made(&self) -> usize {
        self.leaves.len() + self.immediates.len()
    }

    pub fn reduces_rows(&self) -> bool {
        self.instructions.iter().any(|instruction| instruction.op.is_reduction())
    }

    /// Results so large that the caches would have lost them before they are read: they are written past them.
    pub fn passes_caches(&self) -> bool {
        const LARGE: usize = 1 << 19;
        cfg!(target_arch = "x86_64") && self.rows * self.columns >= LARGE
    }

    /// Elements of an output.
    pub fn size_of(&self, kind: Kind) -> usize {
        match kind {
            Kind::Whole => self.rows * self.columns,
            Kind::Rows => self.rows,
            Kind::ColumnSums => self.segments * self.columns,
            Kind::Total => 1,
        }
    }
}
