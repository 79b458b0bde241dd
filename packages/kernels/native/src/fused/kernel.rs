//! A program over tensors: cut into tasks by shape alone, each of which runs it block by block.

use std::slice;

use super::interpret::{self, Extent, Frame};
use super::program::{Class, Kind, Layout, Program};
use super::schedule::{Place, Schedule, Step, Stored, Unit, schedule};
use crate::parallel::Parallel;
use crate::runtime::{Failure, failure};
use crate::scratch::Scratch;

#[derive(Clone, Copy)]
pub enum Source<'a> {
    Floats(&'a [f32]),
    Ints(&'a [i32]),
    Bytes(&'a [u8]),
}

impl Source<'_> {
    fn len(&self) -> usize {
        match self {
            Source::Floats(of) => of.len(),
            Source::Ints(of) => of.len(),
            Source::Bytes(of) => of.len(),
        }
    }

    fn stored(&self) -> Stored {
        match self {
            Source::Floats(_) => Stored::Floats,
            Source::Ints(_) => Stored::Ints,
            Source::Bytes(_) => Stored::Bytes,
        }
    }

    fn copy_to(&self, to: &mut [f32], start: usize) {
        let range = start..start + to.len();
        match self {
            Source::Floats(of) => to.copy_from_slice(&of[range]),
            Source::Ints(of) => to.iter_mut().zip(&of[range]).for_each(|(to, &from)| *to = from as f32),
            Source::Bytes(of) => to.iter_mut().zip(&of[range]).for_each(|(to, &from)| *to = f32::from(from)),
        }
    }

    fn at(&self, place: usize) -> f32 {
        match self {
            Source::Floats(of) => of[place],
            Source::Ints(of) => of[place] as f32,
            Source::Bytes(of) => f32::from(of[place]),
        }
    }
}

pub enum Sink<'a> {
    Floats(&'a mut [f32]),
    Ints(&'a mut [i32]),
    Bytes(&'a mut [u8]),
}

impl Sink<'_> {
    fn stored(&self) -> Stored {
        match self {
            Sink::Floats(_) => Stored::Floats,
            Sink::Ints(_) => Stored::Ints,
            Sink::Bytes(_) => Stored::Bytes,
        }
    }

    fn memory(&mut self) -> (*mut u8, usize) {
        match self {
            Sink::Floats(of) => (of.as_mut_ptr().cast(), of.len()),
            Sink::Ints(of) => (of.as_mut_ptr().cast(), of.len()),
            Sink::Bytes(of) => (of.as_mut_ptr(), of.len()),
        }
    }
}

pub struct Kernel {
    program: Program,
    schedule: Schedule,
    inputs: Vec<Stored>,
    outputs: Vec<Stored>,
    cut: Cut,
    /// The input that whoever runs the program makes, task by task.
    made: Option<usize>,
}

/// How the iteration space is cut.
#[derive(Clone, Copy, Debug)]
struct Cut {
    /// Of a block: rows, and columns where rows are longer than a block may be.
    block_rows: usize,
    block_columns: usize,
    /// Of a task.
    task_rows: usize,
    task_columns: usize,
    row_tasks: usize,
    column_tasks: usize,
}

/// Rows longer than this are cut, unless the program reduces them.
const LONGEST_ROW: usize = 2048;
/// Elements for which another task is worth waking a thread.
const TASK: usize = 16_384;
const MOST_TASKS: usize = 128;
/// Floats of all registers of a block together: a little more than the first-level cache; fewer steps are worth that.
const REGISTERS: usize = 12_288;

impl Kernel {
    pub fn new(program: Program, inputs: Vec<Stored>, outputs: Vec<Stored>) -> Result<Self, Failure> {
        if inputs.len() != program.leaves.len() || outputs.len() != program.results.len() {
            return Err(failure("input_types and output_types must name one type for each input and output"));
        }
        let sums = |kind| matches!(kind, Kind::ColumnSums | Kind::Total);
        if program.results.iter().zip(&outputs).any(|(result, &stored)| sums(result.kind) && stored != Stored::Floats) {
            return Err(failure("sums must be floats"));
        }
        let is_cut = program.columns > LONGEST_ROW && !program.reduces_rows();
        let schedule = schedule(&program, &inputs, &outputs, is_cut);
        let cut = cut(&program, &schedule, is_cut);
        Ok(Kernel { program, schedule, inputs, outputs, cut, made: None })
    }

    /// Rows and columns of the program's space.
    pub fn space(&self) -> (usize, usize) {
        (self.program.rows, self.program.columns)
    }

    /// Input `made` comes from whoever runs the tasks, each of so many whole rows; what stands for it among the inputs is not read.
    pub fn over_made(mut self, made: usize, task_rows: usize) -> Result<Self, Failure> {
        let is_whole = self.program.leaves.get(made).is_some_and(|leaf| leaf.layout == Layout::Whole);
        if !is_whole || self.inputs[made] != Stored::Floats || self.program.segments != 1 {
            return Err(failure("what a program's tasks are given must be floats that fill its space, of one segment"));
        }
        let (rows, columns) = self.space();
        let (row_tasks, column_tasks) = (rows.div_ceil(task_rows), usize::from(columns > 0));
        self.cut = Cut { task_rows, task_columns: columns, row_tasks, column_tasks, ..self.cut };
        self.made = Some(made);
        Ok(self)
    }

    /// The program's inputs.
    pub fn inputs(&self) -> usize {
        self.inputs.len()
    }

    pub fn stored_outputs(&self) -> &[Stored] {
        &self.outputs
    }

    /// Checks the tensors. Outputs must not overlap inputs.
    pub fn prepare<'a>(&'a self, inputs: &'a [Source<'a>], outputs: &'a mut [Sink<'_>]) -> Result<Run<'a>, Failure> {
        if inputs.len() != self.inputs.len() || outputs.len() != self.outputs.len() {
            return Err(failure(format!("the program has {} inputs, got {}", self.inputs.len(), inputs.len())));
        }
        let is_empty = self.program.rows * self.program.columns == 0;
        for (i, (input, leaf)) in inputs.iter().zip(&self.program.leaves).enumerate() {
            let is_short = !is_empty && self.made != Some(i) && input.len() < leaf.extent;
            if input.stored() != self.inputs[i] || is_short {
                let (length, needed) = (input.len(), leaf.extent);
                return Err(failure(format!("input {i} must be {:?} and hold {needed}, got {length}", self.inputs[i])));
            }
        }
        let mut memory = Vec::with_capacity(outputs.len());
        for (i, (output, result)) in outputs.iter_mut().zip(&self.program.results).enumerate() {
            let needed = self.program.size_of(result.kind);
            let stored = output.stored();
            let (pointer, length) = output.memory();
            if stored != self.outputs[i] || length != needed {
                return Err(failure(format!(
                    "output {i} must be {:?} and hold {needed}, got {length}",
                    self.outputs[i]
                )));
            }
            memory.push(pointer);
        }
        let sums = self.program.results.iter().map(|result| self.partial_size(result.kind)).sum();
        Ok(Run { kernel: self, inputs, outputs: memory, partials: Scratch::new(sums) })
    }

    /// Floats in which tasks leave their parts of a sum. Sums of several segments are whole within a task.
    fn partial_size(&self, kind: Kind) -> usize {
        match kind {
            Kind::ColumnSums if self.program.segments == 1 => self.cut.row_tasks * self.program.columns,
            Kind::Total => self.cut.row_tasks * self.cut.column_tasks,
            _ => 0,
        }
    }

    pub fn run(&self, inputs: &[Source], outputs: &mut [Sink], parallel: &dyn Parallel) -> Result<(), Failure> {
        let run = self.prepare(inputs, outputs)?;
        parallel.run(run.tasks(), &|task| run.task(task, &[]));
        run.finish();
        Ok(())
    }
}

fn cut(program: &Program, schedule: &Schedule, is_cut: bool) -> Cut {
    let (rows, columns) = (program.rows, program.columns);
    let registers = schedule.blocks + program.results.len() + 2;
    let longest = (REGISTERS / registers).clamp(256, LONGEST_ROW) / 64 * 64; // whole vectors
    let stretch = rows / program.segments; // blocks stay within a segment
    let block_columns = if is_cut { longest } else { columns };
    let block_rows = if is_cut { 1 } else { (longest / columns.max(1)).clamp(1, stretch.max(1)) };
    let task_columns = match is_cut {
        false => columns,
        true if rows >= 16 => longest,
        true => (TASK / rows.max(1)).next_multiple_of(longest),
    };
    let column_tasks = if columns == 0 { 0 } else { columns.div_ceil(task_columns) };
    let row_tasks = (rows * columns / TASK / column_tasks.max(1)).clamp(1, (MOST_TASKS / column_tasks.max(1)).max(1));
    let unit = if program.segments > 1 { stretch } else { block_rows };
    let task_rows = rows.div_ceil(row_tasks).next_multiple_of(unit.max(1)).max(1);
    Cut { block_rows, block_columns, task_rows, task_columns, row_tasks: rows.div_ceil(task_rows), column_tasks }
}

/// One run of a kernel.
pub struct Run<'a> {
    kernel: &'a Kernel,
    inputs: &'a [Source<'a>],
    outputs: Vec<*mut u8>,
    partials: Scratch,
}

// SAFETY: tasks write to disjoint parts of the outputs and the partial sums; inputs are only read.
unsafe impl Sync for Run<'_> {}

/// One task's working memory and where in the space it is.
struct Task<'a, 'b> {
    run: &'b Run<'a>,
    pointers: Vec<*mut f32>,
    /// For each result, a block of sums; empty for what is stored.
    sums: Vec<&'b mut [f32]>,
    /// The task's rows of the input that is made, and the first of them.
    made: &'b [f32],
    first_row: usize,
    row: usize,
    column: usize,
    extent: Extent,
}

impl Run<'_> {
    pub fn tasks(&self) -> usize {
        self.kernel.cut.row_tasks * self.kernel.cut.column_tasks
    }

    /// `made`: the task's rows of the input that is made, empty where there is none.
    pub fn task(&self, index: usize, made: &[f32]) {
        match pulp::Arch::new() {
            arch @ pulp::Arch::Scalar if !cfg!(target_arch = "aarch64") => self.execute::<false>(arch, index, made),
            arch => self.execute::<true>(arch, index, made),
        }
    }

    fn execute<const FMA: bool>(&self, arch: pulp::Arch, index: usize, made: &[f32]) {
        let Kernel { program, schedule, cut, .. } = self.kernel;
        let (row_task, column_task) = (index / cut.column_tasks, index % cut.column_tasks);
        let block = cut.block_rows * cut.block_columns;
        let sum_blocks =
            program.results.iter().filter(|result| !matches!(result.kind, Kind::Whole | Kind::Rows)).count();
        let sum_size = cut.block_rows * cut.block_columns.max(cut.task_columns);
        // An odd number of cache lines: registers do not push each other out.
        let padded = |size: usize| (size.div_ceil(16) | 1) * 16;
        let sizes =
            [schedule.numbers, schedule.rows * padded(cut.block_rows), schedule.blocks * padded(block)].map(padded);
        let mut memory = Scratch::new(sizes.iter().sum::<usize>() + sum_blocks * padded(sum_size));
        let (numbers, rest) = memory.split_at_mut(sizes[0]);
        let (row_registers, rest) = rest.split_at_mut(sizes[1]);
        let (block_registers, mut rest) = rest.split_at_mut(sizes[2]);
        let mut sums: Vec<&mut [f32]> = Vec::with_capacity(program.results.len());
        for result in &program.results {
            let needed = if matches!(result.kind, Kind::Whole | Kind::Rows) { 0 } else { padded(sum_size) };
            let (part, after) = rest.split_at_mut(needed);
            part.fill(0.0);
            sums.push(part);
            rest = after;
        }
        for &(slot, leaf) in &schedule.number_leaves {
            if let Place::Number(place) = schedule.places[slot] {
                numbers[place] = self.inputs[leaf].at(0);
            }
        }
        for &(slot, value) in &schedule.immediates {
            if let Place::Number(place) = schedule.places[slot] {
                numbers[place] = value;
            }
        }
        let place = |place: &Place| match *place {
            Place::Number(at) => &raw mut numbers[at],
            Place::Row(at) => &raw mut row_registers[at * padded(cut.block_rows)],
            Place::Block(at) => &raw mut block_registers[at * padded(block)],
            Place::Input { .. } | Place::Output { .. } => std::ptr::null_mut(),
        };
        let pointers = schedule.places.iter().map(place).collect();
        let rows = row_task * cut.task_rows..program.rows.min((row_task + 1) * cut.task_rows);
        let columns = column_task * cut.task_columns..program.columns.min((column_task + 1) * cut.task_columns);
        let extent = Extent { rows: cut.block_rows, columns: cut.block_columns };
        let mut task = Task { run: self, pointers, sums, made, first_row: rows.start, row: 0, column: 0, extent };
        for &(slot, leaf) in &schedule.tiles {
            task.tile(slot, leaf);
        }
        for step in &schedule.once {
            task.step::<FMA>(arch, step, 0);
        }
        let stretch = program.rows / program.segments;
        let mut first = rows.start;
        while first < rows.end {
            let last = if program.segments > 1 { first + stretch } else { rows.end };
            for column in columns.clone().step_by(cut.block_columns.max(1)) {
                for row in (first..last).step_by(cut.block_rows) {
                    task.row = row;
                    task.column = column;
                    task.extent.rows = cut.block_rows.min(last - row);
                    task.extent.columns = cut.block_columns.min(columns.end - column);
                    task.aim();
                    for step in &schedule.each {
                        task.step::<FMA>(arch, step, column - columns.start);
                    }
                }
            }
            task.hand_in(first / stretch.max(1), row_task, index, columns.clone());
            first = last;
        }
        if program.passes_caches() {
            interpret::complete_stores();
        }
    }

    /// Adds the tasks' sums together, in the order of the tasks.
    pub fn finish(mut self) {
        let Kernel { program, .. } = self.kernel;
        let mut rest = &mut self.partials[..];
        for (result, &output) in program.results.iter().zip(&self.outputs) {
            let (partial, after) = rest.split_at_mut(self.kernel.partial_size(result.kind));
            rest = after;
            let size = program.size_of(result.kind);
            let is_split =
                matches!(result.kind, Kind::Total) || (result.kind == Kind::ColumnSums && program.segments == 1);
            let is_empty = program.rows * program.columns == 0 && matches!(result.kind, Kind::Total | Kind::ColumnSums);
            if !is_split && !is_empty {
                continue;
            }
            // SAFETY: `prepare` saw that the output holds so many floats; all tasks are done.
            let sums = unsafe { slice::from_raw_parts_mut(output.cast::<f32>(), size) };
            if is_empty {
                sums.fill(0.0 * result.scale); // NaN for the mean of nothing
            } else if result.kind == Kind::Total {
                sums[0] = interpret::sum(partial) * result.scale;
            } else {
                add_rows(partial, size);
                sums.copy_from_slice(&partial[..size]);
                sums.iter_mut().for_each(|sum| *sum *= result.scale);
            }
        }
    }

    /// Where this result's partial sums begin.
    fn partials_of(&self, result: usize) -> *mut f32 {
        let before = &self.kernel.program.results[..result];
        let start: usize = before.iter().map(|result| self.kernel.partial_size(result.kind)).sum();
        // SAFETY: the partial sums are at least so long.
        unsafe { self.partials.as_ptr().add(start).cast_mut() }
    }
}

impl Task<'_, '_> {
    /// Repeats a column vector over the rows of a block.
    fn tile(&mut self, slot: usize, leaf: usize) {
        let columns = self.run.kernel.program.columns;
        for row in 0..self.extent.rows {
            // SAFETY: a block register holds the rows of a block.
            let to = unsafe { slice::from_raw_parts_mut(self.pointers[slot].add(row * columns), columns) };
            self.run.inputs[leaf].copy_to(to, 0);
        }
    }

    /// Moves the slots that lie in inputs and outputs to the block.
    fn aim(&mut self) {
        let columns = self.run.kernel.program.columns;
        let offset = |by: Unit| match by {
            Unit::Elements => self.row * columns + self.column,
            Unit::Rows => self.row,
            Unit::Columns => self.column,
        };
        for (pointer, place) in self.pointers.iter_mut().zip(&self.run.kernel.schedule.places) {
            match *place {
                Place::Input { leaf, by } => {
                    let (of, start) = match self.run.inputs[leaf] {
                        _ if self.run.kernel.made == Some(leaf) => (self.made, offset(by) - self.first_row * columns),
                        Source::Floats(of) => (of, offset(by)),
                        _ => continue,
                    };
                    *pointer = of[start..].as_ptr().cast_mut();
                }
                Place::Output { result, by } => {
                    // SAFETY: the block lies within the output, whose size `prepare` checked.
                    *pointer = unsafe { self.run.outputs[result].cast::<f32>().add(offset(by)) };
                }
                _ => {}
            }
        }
    }

    /// `within` is the block's first column, counted from the task's.
    fn step<const FMA: bool>(&mut self, arch: pulp::Arch, step: &Step, within: usize) {
        let extent = self.extent;
        let frame = Frame { pointers: &self.pointers };
        match step {
            Step::Compute { op, class, operands, to } => {
                interpret::compute::<FMA>(arch, &frame, *op, *class, operands, *to, extent);
            }
            Step::Load { leaf, to } => self.load(*leaf, *to),
            Step::Accumulate { result, from } => {
                interpret::accumulate(arch, &frame, *from, &mut self.sums[*result][within..], extent);
            }
            Step::AccumulateProduct { result, a, b } => {
                interpret::accumulate_product::<FMA>(arch, &frame, (*a, *b), &mut self.sums[*result][within..], extent);
            }
            Step::Store { result, from } => {
                let kernel = self.run.kernel;
                let output = self.run.outputs[*result];
                let (class, start) = match kernel.program.results[*result].kind {
                    Kind::Rows => (Class::Row, self.row),
                    _ => (Class::Block, self.row * kernel.program.columns + self.column),
                };
                interpret::for_stretches(&frame, *from, class, extent, |offset, length, values| {
                    let first = start + offset;
                    // SAFETY: the block lies within the output, of this type and size as `prepare` checked.
                    unsafe {
                        match kernel.outputs[*result] {
                            Stored::Floats if class == Class::Block && kernel.program.passes_caches() => {
                                interpret::store_past_caches(output.cast::<f32>().add(first), length, values)
                            }
                            Stored::Floats => {
                                interpret::store(output.cast::<f32>().add(first), length, values, |value| value)
                            }
                            Stored::Ints => {
                                interpret::store(output.cast::<i32>().add(first), length, values, |value| value as i32)
                            }
                            Stored::Bytes => {
                                interpret::store(output.add(first), length, values, |value| u8::from(value != 0.0))
                            }
                        }
                    }
                });
            }
        }
    }

    /// Brings an input into a register: converted, or gathered row by row.
    fn load(&mut self, leaf: usize, slot: usize) {
        let program = &self.run.kernel.program;
        let source = self.run.inputs[leaf];
        let Extent { rows, columns } = self.extent;
        let by_row = matches!(program.leaves[leaf].layout, Layout::Rows | Layout::GatheredRows);
        let size = if by_row { rows } else { rows * columns };
        // SAFETY: the register holds a block, or an element for each of its rows.
        let to = unsafe { slice::from_raw_parts_mut(self.pointers[slot], size) };
        match program.leaves[leaf].layout {
            Layout::Whole => source.copy_to(to, self.row * program.columns + self.column),
            Layout::Rows => source.copy_to(to, self.row),
            Layout::Columns => source.copy_to(to, self.column),
            Layout::Number => {}
            Layout::Gathered => {
                for (row, to) in to.chunks_exact_mut(columns.max(1)).enumerate() {
                    source.copy_to(to, self.place(leaf, self.row + row) + self.column);
                }
            }
            Layout::GatheredRows => {
                for (row, to) in to.iter_mut().enumerate() {
                    *to = source.at(self.place(leaf, self.row + row));
                }
            }
        }
    }

    /// Where a row of a gathered input begins.
    fn place(&self, leaf: usize, row: usize) -> usize {
        let program = &self.run.kernel.program;
        let mut rest = row;
        let mut place = 0;
        for (&length, &stride) in program.outer.iter().zip(&program.leaves[leaf].strides).rev() {
            place += rest % length * stride;
            rest /= length;
        }
        place
    }

    /// Folds the sums of the task, or of a segment, and leaves them where they are wanted.
    fn hand_in(&mut self, segment: usize, row_task: usize, index: usize, columns: std::ops::Range<usize>) {
        let Kernel { program, cut, .. } = self.run.kernel;
        for (i, result) in program.results.iter().enumerate() {
            let sums = &mut *self.sums[i];
            if result.kind == Kind::Total {
                let is_last = (segment + 1) * (program.rows / program.segments)
                    >= program.rows.min((row_task + 1) * cut.task_rows);
                if program.segments == 1 || is_last {
                    // SAFETY: each task has its own partial sum.
                    unsafe { *self.run.partials_of(i).add(index) = interpret::sum(sums) };
                }
            } else if result.kind == Kind::ColumnSums {
                let width = columns.len();
                add_rows(&mut sums[..cut.block_rows * width], width);
                let is_whole = program.segments > 1;
                let (memory, at) = match is_whole {
                    true => (self.run.outputs[i].cast::<f32>(), segment),
                    false => (self.run.partials_of(i), row_task),
                };
                let scale = if is_whole { result.scale } else { 1.0 };
                // SAFETY: each task has its own rows of the partial sums, or its own segments of the output.
                let to = unsafe { slice::from_raw_parts_mut(memory.add(at * program.columns + columns.start), width) };
                to.iter_mut().zip(&*sums).for_each(|(to, &sum)| *to = sum * scale);
                sums.fill(0.0);
            }
        }
    }
}

/// The sum of all rows in the first one, by halves: rounding errors grow with the logarithm of their number.
fn add_rows(rows: &mut [f32], width: usize) {
    let mut count = rows.len().checked_div(width).unwrap_or(0);
    while count > 1 {
        let half = count.div_ceil(2);
        let (first, second) = rows[..count * width].split_at_mut(half * width);
        first.iter_mut().zip(second).for_each(|(sum, &mut value)| *sum += value);
        count = half;
    }
}
