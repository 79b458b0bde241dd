//! The loops: one for each operator and way its operands lie, over a block in the first-level cache.
//!
//! Each loop is a function of its own, compiled for several instruction sets: in one large function the compiler gives up.

use pulp::{Arch, Simd, WithSimd};

use super::math;
use super::program::{Class, Op};
use super::schedule::{Mode, Operand};

/// Where a block is and how much of it there is.
#[derive(Clone, Copy)]
pub struct Extent {
    pub rows: usize,
    pub columns: usize,
}

impl Extent {
    pub fn size(self) -> usize {
        self.rows * self.columns
    }
}

/// An operand along one stretch of elements.
#[derive(Clone, Copy)]
pub enum Along<'a> {
    Each(&'a [f32]),
    Same(f32),
}

/// Pointers to what the slots hold. A step never writes to a slot that it reads.
pub struct Frame<'a> {
    pub pointers: &'a [*mut f32],
}

impl Frame<'_> {
    #[inline(always)]
    fn stretch(&self, operand: Operand, row: usize, length: usize) -> Along<'_> {
        let pointer = self.pointers[operand.slot];
        // SAFETY: a slot holds as many elements as its mode says: one for each element, one for each row, or one.
        unsafe {
            match operand.mode {
                Mode::Each => Along::Each(std::slice::from_raw_parts(pointer.add(row * length), length)),
                Mode::PerRow => Along::Same(*pointer.add(row)),
                Mode::Same => Along::Same(*pointer),
            }
        }
    }

    #[inline(always)]
    #[allow(clippy::mut_from_ref)]
    fn target(&self, slot: usize, row: usize, length: usize) -> &mut [f32] {
        // SAFETY: as in `stretch`; the target is no operand's slot.
        unsafe { std::slice::from_raw_parts_mut(self.pointers[slot].add(row * length), length) }
    }
}

// Plain loops, not iterators' closures: those that the compiler does not inline would miss the instruction set.

#[inline(always)]
fn map1(to: &mut [f32], a: Along, f: impl Fn(f32) -> f32) {
    match a {
        Along::Each(a) => {
            for (to, &a) in to.iter_mut().zip(a) {
                *to = f(a);
            }
        }
        Along::Same(a) => to.fill(f(a)),
    }
}

#[inline(always)]
fn map2(to: &mut [f32], a: Along, b: Along, f: impl Fn(f32, f32) -> f32) {
    match (a, b) {
        (Along::Each(a), Along::Each(b)) => {
            for ((to, &a), &b) in to.iter_mut().zip(a).zip(b) {
                *to = f(a, b);
            }
        }
        (Along::Each(a), Along::Same(b)) => {
            for (to, &a) in to.iter_mut().zip(a) {
                *to = f(a, b);
            }
        }
        (Along::Same(a), Along::Each(b)) => {
            for (to, &b) in to.iter_mut().zip(b) {
                *to = f(a, b);
            }
        }
        (Along::Same(a), Along::Same(b)) => to.fill(f(a, b)),
    }
}

#[inline(always)]
fn map3(to: &mut [f32], a: Along, b: Along, c: Along, f: impl Fn(f32, f32, f32) -> f32) {
    let n = to.len();
    macro_rules! each {
        ($i:ident, $value:expr) => {
            for $i in 0..n {
                to[$i] = $value;
            }
        };
    }
    match (a, b, c) {
        (Along::Each(a), Along::Each(b), Along::Each(c)) => {
            let (a, b, c) = (&a[..n], &b[..n], &c[..n]);
            each!(i, f(a[i], b[i], c[i]))
        }
        (Along::Each(a), Along::Each(b), Along::Same(c)) => {
            let (a, b) = (&a[..n], &b[..n]);
            each!(i, f(a[i], b[i], c))
        }
        (Along::Each(a), Along::Same(b), Along::Each(c)) => {
            let (a, c) = (&a[..n], &c[..n]);
            each!(i, f(a[i], b, c[i]))
        }
        (Along::Same(a), Along::Each(b), Along::Each(c)) => {
            let (b, c) = (&b[..n], &c[..n]);
            each!(i, f(a, b[i], c[i]))
        }
        (Along::Each(a), Along::Same(b), Along::Same(c)) => each!(i, f(a[i], b, c)),
        (Along::Same(a), Along::Each(b), Along::Same(c)) => each!(i, f(a, b[i], c)),
        (Along::Same(a), Along::Same(b), Along::Each(c)) => each!(i, f(a, b, c[i])),
        (Along::Same(a), Along::Same(b), Along::Same(c)) => to.fill(f(a, b, c)),
    }
}

/// Length of the stretches that a step goes over: all elements at once, unless an operand differs by row.
#[inline(always)]
fn stretches(operands: &[Operand], class: Class, extent: Extent) -> (usize, usize) {
    match class {
        Class::Number => (1, 1),
        Class::Row => (1, extent.rows),
        Class::Block if operands.iter().any(|operand| operand.mode == Mode::PerRow) => (extent.rows, extent.columns),
        Class::Block => (1, extent.size()),
    }
}

/// Compiles the loop for each instruction set. A closure given to `dispatch` itself is called through a shim of its own, which is
/// compiled once, for none of them.
#[inline(always)]
fn vectorized(arch: Arch, body: impl FnMut()) {
    struct Job<F>(F);
    impl<F: FnMut()> WithSimd for Job<F> {
        type Output = ();

        #[inline(always)]
        fn with_simd<S: Simd>(mut self, _: S) {
            (self.0)();
        }
    }
    arch.dispatch(Job(body));
}

pub fn compute<const FMA: bool>(
    arch: Arch,
    frame: &Frame,
    op: Op,
    class: Class,
    read: &[Operand],
    to: usize,
    extent: Extent,
) {
    if op.is_reduction() {
        return reduce::<FMA>(arch, frame, op, read, to, extent);
    }
    let (count, length) = stretches(read, class, extent);
    macro_rules! each_row {
        (1, $f:expr) => {
            vectorized(
                arch,
                #[inline(always)]
                || {
                    for row in 0..count {
                        map1(frame.target(to, row, length), frame.stretch(read[0], row, length), $f)
                    }
                },
            )
        };
        (2, $f:expr) => {
            vectorized(
                arch,
                #[inline(always)]
                || {
                    for row in 0..count {
                        let (a, b) = (frame.stretch(read[0], row, length), frame.stretch(read[1], row, length));
                        map2(frame.target(to, row, length), a, b, $f)
                    }
                },
            )
        };
        (3, $f:expr) => {
            vectorized(
                arch,
                #[inline(always)]
                || {
                    for row in 0..count {
                        let (a, b) = (frame.stretch(read[0], row, length), frame.stretch(read[1], row, length));
                        map3(frame.target(to, row, length), a, b, frame.stretch(read[2], row, length), $f)
                    }
                },
            )
        };
    }
    let truth = |is: bool| if is { 1.0 } else { 0.0 };
    match op {
        Op::Copy | Op::Spread => each_row!(1, |a| a),
        Op::Neg => each_row!(1, |a: f32| -a),
        Op::Abs => each_row!(1, f32::abs),
        Op::Sign => each_row!(1, math::sign),
        Op::Sqrt => each_row!(1, f32::sqrt),
        Op::Reciprocal => each_row!(1, |a: f32| 1.0 / a),
        Op::Exp => each_row!(1, math::exp::<FMA>),
        Op::Log => each_row!(1, math::log::<FMA>),
        Op::Tanh => each_row!(1, math::tanh::<FMA>),
        Op::Erf => each_row!(1, math::erf::<FMA>),
        Op::Sigmoid => each_row!(1, math::sigmoid::<FMA>),
        Op::Floor => each_row!(1, f32::floor),
        Op::Ceil => each_row!(1, f32::ceil),
        Op::Round => each_row!(1, f32::round_ties_even),
        Op::IsNaN => each_row!(1, |a: f32| truth(a.is_nan())),
        Op::IsInf => each_row!(1, |a: f32| truth(a.abs() == f32::INFINITY)),
        Op::Not => each_row!(1, |a: f32| truth(a == 0.0)),
        Op::Truth => each_row!(1, |a: f32| truth(a != 0.0)),
        Op::Truncate => each_row!(1, f32::trunc),
        Op::Add => each_row!(2, |a: f32, b: f32| a + b),
        Op::Sub => each_row!(2, |a: f32, b: f32| a - b),
        Op::Mul => each_row!(2, |a: f32, b: f32| a * b),
        Op::Div => each_row!(2, |a: f32, b: f32| a / b),
        Op::Max => each_row!(2, math::max),
        Op::Min => each_row!(2, math::min),
        Op::Pow => each_row!(2, f32::powf),
        Op::Less => each_row!(2, |a: f32, b: f32| truth(a < b)),
        Op::LessOrEqual => each_row!(2, |a: f32, b: f32| truth(a <= b)),
        Op::Greater => each_row!(2, |a: f32, b: f32| truth(a > b)),
        Op::GreaterOrEqual => each_row!(2, |a: f32, b: f32| truth(a >= b)),
        Op::Equal => each_row!(2, |a: f32, b: f32| truth(a == b)),
        Op::And => each_row!(2, |a: f32, b: f32| truth((a != 0.0) & (b != 0.0))),
        Op::Or => each_row!(2, |a: f32, b: f32| truth((a != 0.0) | (b != 0.0))),
        Op::Where => each_row!(3, |a: f32, b: f32, c: f32| if a != 0.0 { b } else { c }),
        Op::MultiplyAdd => each_row!(3, math::fma::<FMA>),
        Op::MulMul => each_row!(3, |a: f32, b: f32, c: f32| a * b * c),
        Op::AddMul => each_row!(3, |a: f32, b: f32, c: f32| (a + b) * c),
        Op::SubMul => each_row!(3, |a: f32, b: f32, c: f32| (a - b) * c),
        Op::MulFrom => each_row!(3, |a: f32, b: f32, c: f32| math::fma::<FMA>(-a, b, c)),
        Op::RowSum | Op::RowMax | Op::RowMin | Op::RowDot => {}
    }
}

fn reduce<const FMA: bool>(arch: Arch, frame: &Frame, op: Op, read: &[Operand], to: usize, extent: Extent) {
    let results = frame.target(to, 0, extent.rows);
    let stretch = |operand: usize, row: usize| match frame.stretch(read[operand], row, extent.columns) {
        Along::Each(values) => values,
        Along::Same(_) => &[], // never: only blocks are reduced
    };
    macro_rules! each_row {
        ($row:ident, $f:expr) => {
            vectorized(
                arch,
                #[inline(always)]
                || {
                    for ($row, result) in results.iter_mut().enumerate() {
                        *result = $f;
                    }
                },
            )
        };
    }
    match op {
        Op::RowMax => each_row!(row, fold(stretch(0, row), f32::NEG_INFINITY, math::max)),
        Op::RowMin => each_row!(row, fold(stretch(0, row), f32::INFINITY, math::min)),
        Op::RowDot => each_row!(row, dot::<FMA>(stretch(0, row), stretch(1, row))),
        _ => each_row!(row, sum(stretch(0, row))),
    }
}

const LANES: usize = 32;
const NARROW: usize = 8;

#[inline(always)]
pub fn sum(a: &[f32]) -> f32 {
    fold(a, 0.0, |a, b| a + b)
}

/// In lanes of a fixed number, so that the result is the same on every processor.
#[inline(always)]
fn fold(a: &[f32], neutral: f32, f: impl Fn(f32, f32) -> f32) -> f32 {
    let mut lanes = [neutral; LANES];
    let mut wide = a.chunks_exact(LANES);
    for chunk in &mut wide {
        for i in 0..LANES {
            lanes[i] = f(lanes[i], chunk[i]);
        }
    }
    let mut narrow = wide.remainder().chunks_exact(NARROW);
    for chunk in &mut narrow {
        for i in 0..NARROW {
            lanes[i] = f(lanes[i], chunk[i]);
        }
    }
    for (lane, &value) in lanes.iter_mut().zip(narrow.remainder()) {
        *lane = f(*lane, value);
    }
    together(lanes, f)
}

#[inline(always)]
fn dot<const FMA: bool>(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0; LANES];
    let (mut wide_a, mut wide_b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    for (a, b) in (&mut wide_a).zip(&mut wide_b) {
        for i in 0..LANES {
            lanes[i] = math::fma::<FMA>(a[i], b[i], lanes[i]);
        }
    }
    let (mut narrow_a, mut narrow_b) =
        (wide_a.remainder().chunks_exact(NARROW), wide_b.remainder().chunks_exact(NARROW));
    for (a, b) in (&mut narrow_a).zip(&mut narrow_b) {
        for i in 0..NARROW {
            lanes[i] = math::fma::<FMA>(a[i], b[i], lanes[i]);
        }
    }
    for ((lane, &a), &b) in lanes.iter_mut().zip(narrow_a.remainder()).zip(narrow_b.remainder()) {
        *lane = math::fma::<FMA>(a, b, *lane);
    }
    together(lanes, |a, b| a + b)
}

#[inline(always)]
fn together(mut lanes: [f32; LANES], f: impl Fn(f32, f32) -> f32) -> f32 {
    let mut width = LANES / 2;
    while width > 0 {
        for i in 0..width {
            lanes[i] = f(lanes[i], lanes[i + width]);
        }
        width /= 2;
    }
    lanes[0]
}

/// Adds the block, element by element, to sums that lie as it does.
pub fn accumulate(arch: Arch, frame: &Frame, from: Operand, sums: &mut [f32], extent: Extent) {
    if let Along::Each(values) = frame.stretch(from, 0, extent.size()) {
        vectorized(
            arch,
            #[inline(always)]
            || {
                for (sum, &value) in sums.iter_mut().zip(values) {
                    *sum += value;
                }
            },
        );
    }
}

pub fn accumulate_product<const FMA: bool>(
    arch: Arch,
    frame: &Frame,
    (a, b): (Operand, Operand),
    sums: &mut [f32],
    extent: Extent,
) {
    let stretch = |operand| frame.stretch(operand, 0, extent.size());
    if let (Along::Each(a), Along::Each(b)) = (stretch(a), stretch(b)) {
        vectorized(
            arch,
            #[inline(always)]
            || {
                for ((sum, &a), &b) in sums.iter_mut().zip(a).zip(b) {
                    *sum = math::fma::<FMA>(a, b, *sum);
                }
            },
        );
    }
}

/// Hands each stretch of the block to `write`, with where in the block it begins.
#[inline(always)]
pub fn for_stretches(frame: &Frame, from: Operand, class: Class, extent: Extent, write: impl Fn(usize, usize, Along)) {
    let (count, length) = stretches(&[from], class, extent);
    for row in 0..count {
        write(row * length, length, frame.stretch(from, row, length));
    }
}

/// # Safety
/// There is room for `length` elements.
#[inline(always)]
pub unsafe fn store<T: Copy>(to: *mut T, length: usize, values: Along, convert: impl Fn(f32) -> T) {
    // SAFETY: by this function's contract.
    let to = unsafe { std::slice::from_raw_parts_mut(to, length) };
    match values {
        Along::Each(values) => {
            for (to, &value) in to.iter_mut().zip(values) {
                *to = convert(value);
            }
        }
        Along::Same(value) => to.fill(convert(value)),
    }
}

/// Writes whole lines without reading them first; they are in no cache afterwards. `complete_stores` has to follow.
///
/// # Safety
/// There is room for `length` elements.
#[inline(always)]
pub unsafe fn store_past_caches(to: *mut f32, length: usize, values: Along) {
    #[cfg(target_arch = "x86_64")]
    if let Along::Each(values) = values {
        use std::arch::x86_64::{_mm_loadu_ps, _mm_stream_ps};
        let before = to.align_offset(16).min(length);
        let (head, rest) = values.split_at(before);
        let (lines, tail) = rest.as_chunks::<4>();
        // SAFETY: by this function's contract; the middle begins at a multiple of 16 bytes.
        unsafe {
            store(to, before, Along::Each(head), |value| value);
            let middle = to.add(before);
            for (i, line) in lines.iter().enumerate() {
                _mm_stream_ps(middle.add(4 * i), _mm_loadu_ps(line.as_ptr()));
            }
            store(middle.add(4 * lines.len()), tail.len(), Along::Each(tail), |value| value);
        }
        return;
    }
    // SAFETY: by this function's contract.
    unsafe { store(to, length, values, |value| value) };
}

/// Whoever is told that this task is done sees what it wrote past the caches.
#[inline(always)]
pub fn complete_stores() {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: every processor of this architecture has it.
    unsafe {
        std::arch::x86_64::_mm_sfence()
    };
}
