//! A program made ready to run: dead and doubled work removed, every value given a place.

use super::program::{Class, Instruction, Kind, Layout, Op, Program};

/// How an operand lies beside the elements that a step computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// One for each element.
    Each,
    /// One for each row of the block.
    PerRow,
    /// One for all.
    Same,
}

#[derive(Clone, Copy, Debug)]
pub struct Operand {
    /// Among the frame's pointers.
    pub slot: usize,
    pub mode: Mode,
}

#[derive(Clone, Debug)]
pub enum Step {
    /// An input that cannot be read where it lies is converted or gathered.
    Load {
        leaf: usize,
        to: usize,
    },
    Compute {
        op: Op,
        class: Class,
        operands: Vec<Operand>,
        to: usize,
    },
    /// Written to an output of another type, past the caches, or a second time.
    Store {
        result: usize,
        from: Operand,
    },
    /// Added to a sum over columns or over everything.
    Accumulate {
        result: usize,
        from: Operand,
    },
    AccumulateProduct {
        result: usize,
        a: Operand,
        b: Operand,
    },
}

/// Where a slot's memory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Number `0` of the frame's numbers.
    Number(usize),
    /// Block register, row register.
    Block(usize),
    Row(usize),
    /// The input or output itself, moving with the block.
    Input {
        leaf: usize,
        by: Unit,
    },
    Output {
        result: usize,
        by: Unit,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Elements,
    Rows,
    Columns,
}

#[derive(Clone, Debug, Default)]
pub struct Schedule {
    pub places: Vec<Place>,
    /// Slots of the number inputs and the immediates.
    pub number_leaves: Vec<(usize, usize)>,
    pub immediates: Vec<(usize, f32)>,
    /// Column vectors that are repeated to a block, once a task.
    pub tiles: Vec<(usize, usize)>,
    /// Steps that give the same for every block.
    pub once: Vec<Step>,
    pub each: Vec<Step>,
    pub numbers: usize,
    pub blocks: usize,
    pub rows: usize,
}

/// What an input or output holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    Floats,
    Ints,
    Bytes,
}

struct Scheduler<'a> {
    program: &'a Program,
    inputs: &'a [Stored],
    outputs: &'a [Stored],
    /// Rows are cut into pieces: column vectors move too.
    is_cut: bool,
    schedule: Schedule,
    slot_of: Vec<Option<usize>>,
    /// The same for every block of a task.
    is_fixed: Vec<bool>,
    uses: Vec<usize>,
    free_blocks: Vec<usize>,
    free_rows: Vec<usize>,
}

pub fn schedule(program: &Program, inputs: &[Stored], outputs: &[Stored], is_cut: bool) -> Schedule {
    let mut program = program.clone();
    contract(&mut program);
    let uses = count_uses(&program);
    let values = program.classes.len();
    let mut scheduler = Scheduler {
        program: &program,
        inputs,
        outputs,
        is_cut,
        schedule: Schedule::default(),
        slot_of: vec![None; values],
        is_fixed: vec![false; values],
        uses,
        free_blocks: Vec::new(),
        free_rows: Vec::new(),
    };
    scheduler.run();
    scheduler.schedule
}

/// How often each value is read; instructions that nothing needs read nothing.
fn count_uses(program: &Program) -> Vec<usize> {
    let mut uses = vec![0; program.classes.len()];
    for result in &program.results {
        uses[result.value] += 1;
    }
    for (place, instruction) in program.instructions.iter().enumerate().rev() {
        if uses[program.first_made() + place] > 0 {
            for &operand in &instruction.operands {
                uses[operand] += 1;
            }
        }
    }
    uses
}

/// A value used once, by the operator after it, becomes part of that where there is an operator for both: one pass fewer over
/// the registers.
fn contract(program: &mut Program) {
    let uses = count_uses(program);
    let first = program.first_made();
    for place in 0..program.instructions.len() {
        let Instruction { op, operands } = program.instructions[place].clone();
        let made_once = |value: usize, by: Op| {
            let made = value.checked_sub(first).map(|at| &program.instructions[at])?;
            let is_joinable = made.op == by && uses[value] == 1 && program.classes[value] == Class::Block;
            is_joinable.then(|| made.operands.clone())
        };
        // One operand is what `by` makes of two values, the other stays.
        let joined = |by: Op, together: Op| {
            [(0, 1), (1, 0)].into_iter().find_map(|(inner, other)| {
                let parts = made_once(operands[inner], by)?;
                Some(Instruction { op: together, operands: vec![parts[0], parts[1], operands[other]] })
            })
        };
        let is_block = program.classes[first + place] == Class::Block;
        let replacement = match op {
            Op::Add if is_block => joined(Op::Mul, Op::MultiplyAdd),
            Op::Mul if is_block => joined(Op::Mul, Op::MulMul)
                .or_else(|| joined(Op::Add, Op::AddMul))
                .or_else(|| joined(Op::Sub, Op::SubMul)),
            Op::Sub if is_block => made_once(operands[1], Op::Mul)
                .map(|parts| Instruction { op: Op::MulFrom, operands: vec![parts[0], parts[1], operands[0]] }),
            Op::RowSum => made_once(operands[0], Op::Mul)
                .filter(|product| product.iter().all(|&value| program.classes[value] == Class::Block))
                .map(|product| Instruction { op: Op::RowDot, operands: product }),
            _ => None,
        };
        if let Some(replacement) = replacement {
            program.instructions[place] = replacement;
        }
    }
}

impl Scheduler<'_> {
    fn run(&mut self) {
        for leaf in 0..self.program.leaves.len() {
            self.place_leaf(leaf);
        }
        for (i, &value) in self.program.immediates.iter().enumerate() {
            let slot = self.number();
            self.define(self.program.leaves.len() + i, slot, true);
            self.schedule.immediates.push((slot, value));
        }
        let first = self.program.first_made();
        for value in 0..first {
            self.finish(value);
        }
        for place in 0..self.program.instructions.len() {
            let value = first + place;
            if self.uses[value] > 0 && !self.is_accumulated_product(value) {
                self.compute(value);
                self.finish(value);
            } else if self.uses[value] > 0 {
                self.accumulate_product(value);
            }
        }
    }

    fn place_leaf(&mut self, leaf: usize) {
        if self.uses[leaf] == 0 {
            return;
        }
        let floats = self.inputs[leaf] == Stored::Floats;
        match self.program.leaves[leaf].layout {
            Layout::Number => {
                let slot = self.number();
                self.schedule.number_leaves.push((slot, leaf));
                self.define(leaf, slot, true);
            }
            Layout::Whole if floats => self.direct(leaf, Unit::Elements),
            Layout::Rows if floats => self.direct(leaf, Unit::Rows),
            Layout::Columns if floats && self.is_cut => self.direct(leaf, Unit::Columns),
            Layout::Columns if !self.is_cut => {
                let slot = self.fresh_block();
                self.schedule.tiles.push((slot, leaf));
                self.define(leaf, slot, true);
            }
            _ => {} // loaded at its first use
        }
    }

    fn direct(&mut self, leaf: usize, by: Unit) {
        let slot = self.slot(Place::Input { leaf, by });
        self.define(leaf, slot, false);
    }

    fn define(&mut self, value: usize, slot: usize, is_fixed: bool) {
        self.slot_of[value] = Some(slot);
        self.is_fixed[value] = is_fixed;
    }

    /// The slot of a value that is there, or of an input that is loaded now.
    fn slot_for(&mut self, value: usize) -> usize {
        if let Some(slot) = self.slot_of[value] {
            return slot;
        }
        let slot = match self.program.classes[value] {
            Class::Row => self.row(),
            _ => self.block(),
        };
        self.schedule.each.push(Step::Load { leaf: value, to: slot });
        self.define(value, slot, false);
        slot
    }

    fn operand(&mut self, value: usize, of: Class) -> Operand {
        let mode = match (self.program.classes[value], of) {
            (class, of) if class == of => Mode::Each,
            (Class::Row, Class::Block) => Mode::PerRow,
            _ => Mode::Same,
        };
        Operand { slot: self.slot_for(value), mode }
    }

    fn compute(&mut self, value: usize) {
        let Instruction { op, operands } = &self.program.instructions[value - self.program.first_made()];
        let class = self.program.classes[value];
        let over = if op.is_reduction() { Class::Block } else { class };
        let fixed = operands.iter().all(|&operand| self.is_fixed[operand]);
        let read: Vec<Operand> = operands.iter().map(|&operand| self.operand(operand, over)).collect();
        let to = self.target(value, class, fixed);
        self.define(value, to, fixed);
        let step = Step::Compute { op: *op, class, operands: read, to };
        if fixed {
            self.schedule.once.push(step)
        } else {
            self.schedule.each.push(step)
        }
        for &operand in operands {
            self.release(operand);
        }
    }

    /// An output of floats is computed where it belongs, unless it is written past the caches.
    fn target(&mut self, value: usize, class: Class, fixed: bool) -> usize {
        let results = &self.program.results;
        let direct = results.iter().position(|result| {
            let fits = matches!((result.kind, class), (Kind::Whole, Class::Block) | (Kind::Rows, Class::Row));
            result.value == value && fits
        });
        match direct {
            Some(result)
                if !fixed
                    && self.outputs[result] == Stored::Floats
                    && !(class == Class::Block && self.program.passes_caches()) =>
            {
                let by = if class == Class::Row { Unit::Rows } else { Unit::Elements };
                self.slot(Place::Output { result, by })
            }
            _ if fixed && class == Class::Block => self.fresh_block(),
            _ if fixed && class == Class::Row => self.fresh_row(),
            _ => match class {
                Class::Number => self.number(),
                Class::Row => self.row(),
                Class::Block => self.block(),
            },
        }
    }

    /// Stores and adds up what is wanted of a value.
    fn finish(&mut self, value: usize) {
        for result in 0..self.program.results.len() {
            let wanted = &self.program.results[result];
            if wanted.value != value {
                continue;
            }
            let over = if wanted.kind == Kind::Rows { Class::Row } else { Class::Block };
            let from = self.operand(value, over);
            let is_there = matches!(self.schedule.places[from.slot], Place::Output { result: at, .. } if at == result);
            match wanted.kind {
                _ if is_there => {}
                Kind::Whole | Kind::Rows => self.schedule.each.push(Step::Store { result, from }),
                Kind::ColumnSums | Kind::Total => self.schedule.each.push(Step::Accumulate { result, from }),
            }
            self.release(value);
        }
    }

    fn is_accumulated_product(&self, value: usize) -> bool {
        let instruction = &self.program.instructions[value - self.program.first_made()];
        let is_product = instruction.op == Op::Mul
            && instruction.operands.iter().all(|&operand| self.program.classes[operand] == Class::Block);
        let mut wanted = self.program.results.iter().filter(|result| result.value == value);
        is_product
            && self.uses[value] == 1
            && wanted.next().is_some_and(|result| matches!(result.kind, Kind::ColumnSums | Kind::Total))
    }

    fn accumulate_product(&mut self, value: usize) {
        let operands = self.program.instructions[value - self.program.first_made()].operands.clone();
        let result = self.program.results.iter().position(|result| result.value == value).expect("it is wanted");
        let a = self.operand(operands[0], Class::Block);
        let b = self.operand(operands[1], Class::Block);
        self.schedule.each.push(Step::AccumulateProduct { result, a, b });
        for operand in operands {
            self.release(operand);
        }
    }

    /// One use less; the last one gives the register back.
    fn release(&mut self, value: usize) {
        self.uses[value] -= 1;
        let Some(slot) = self.slot_of[value] else {
            return;
        };
        if self.uses[value] == 0 && !self.is_fixed[value] {
            match self.schedule.places[slot] {
                Place::Block(_) => self.free_blocks.push(slot),
                Place::Row(_) => self.free_rows.push(slot),
                _ => {}
            }
        }
    }

    fn slot(&mut self, place: Place) -> usize {
        self.schedule.places.push(place);
        self.schedule.places.len() - 1
    }

    fn number(&mut self) -> usize {
        self.schedule.numbers += 1;
        self.slot(Place::Number(self.schedule.numbers - 1))
    }

    fn block(&mut self) -> usize {
        self.free_blocks.pop().unwrap_or_else(|| self.fresh_block())
    }

    /// A register that holds nothing else: what is the same for every block stays in it.
    fn fresh_block(&mut self) -> usize {
        self.schedule.blocks += 1;
        self.slot(Place::Block(self.schedule.blocks - 1))
    }

    fn row(&mut self) -> usize {
        self.free_rows.pop().unwrap_or_else(|| self.fresh_row())
    }

    fn fresh_row(&mut self) -> usize {
        self.schedule.rows += 1;
        self.slot(Place::Row(self.schedule.rows - 1))
    }
}
