//! What an attention computes, and where its tensors lie.

use crate::runtime::{Attributes, Failure, failure};

/// softmax(scale · q kᵀ + mask) v for each batch entry and head. q [B, H, T, D], k [B, H, S, D], v [B, H, S, V].
#[derive(Clone, Debug)]
pub struct Problem {
    pub batch: usize,
    pub heads: usize,
    /// T
    pub queries: usize,
    /// S
    pub keys: usize,
    /// D
    pub width: usize,
    /// V
    pub value_width: usize,
    pub scale: f32,
    /// Query i sees keys 0 … i.
    pub causal: bool,
}

impl Problem {
    pub fn create(attributes: &Attributes) -> Result<Self, Failure> {
        Ok(Problem {
            batch: attributes.length("batch")?,
            heads: attributes.length("heads")?,
            queries: attributes.length("queries")?,
            keys: attributes.length("keys")?,
            width: attributes.length("width")?,
            value_width: attributes.length("value_width")?,
            scale: attributes.float("scale")?,
            causal: attributes.flag("causal"),
        })
    }

    pub fn count(&self) -> usize {
        self.batch * self.heads
    }

    /// Batch entry and head.
    pub fn head(&self, index: usize) -> (usize, usize) {
        (index / self.heads, index % self.heads)
    }

    /// The number of a batch entry's head.
    pub fn index(&self, (batch, head): (usize, usize)) -> usize {
        batch * self.heads + head
    }

    /// How many of the first keys query `row` sees.
    pub fn visible(&self, row: usize) -> usize {
        if self.causal { self.keys.min(row + 1) } else { self.keys }
    }

    /// Multiply-adds of one head's two products.
    pub fn work(&self) -> usize {
        self.queries * self.keys * (self.width + self.value_width)
    }
}

/// Where [B, H, rows, width] lies among the elements of a tensor; each row lies in one piece.
#[derive(Clone, Copy, Debug, Default)]
pub struct View {
    pub offset: usize,
    pub batch: usize,
    pub head: usize,
    pub row: usize,
}

impl View {
    pub fn create(attributes: &Attributes, name: &str) -> Result<Self, Failure> {
        match attributes.lengths(name)?[..] {
            [offset, batch, head, row] => Ok(View { offset, batch, head, row }),
            ref other => Err(failure(format!("attribute {name} must be an offset and three steps, got {other:?}"))),
        }
    }

    pub fn start(&self, (batch, head): (usize, usize), row: usize) -> usize {
        self.offset + batch * self.batch + head * self.head + row * self.row
    }

    /// Every row lies in a tensor of `size` elements.
    pub fn check(&self, problem: &Problem, (rows, width): (usize, usize), size: usize) -> Result<(), Failure> {
        if problem.count() * rows * width == 0 {
            return Ok(());
        }
        let last = self.start((problem.batch - 1, problem.heads - 1), rows - 1) + width - 1;
        if last < size {
            Ok(())
        } else {
            Err(failure(format!("{self:?} of {rows} rows of {width} leaves its tensor of {size} elements")))
        }
    }
}

/// Where the mask for [B, H, T, S] lies; a step is 0 where it broadcasts.
#[derive(Clone, Copy, Debug)]
pub struct MaskView {
    pub view: View,
    pub column: usize,
}

impl MaskView {
    /// None where the node has no mask.
    pub fn create(attributes: &Attributes) -> Result<Option<Self>, Failure> {
        match attributes.lengths("mask")?[..] {
            [] => Ok(None),
            [offset, batch, head, row, column] => {
                Ok(Some(MaskView { view: View { offset, batch, head, row }, column }))
            }
            ref other => Err(failure(format!("attribute mask must be an offset and four steps, got {other:?}"))),
        }
    }

    pub fn check(&self, problem: &Problem, size: usize) -> Result<(), Failure> {
        let width = problem.keys.saturating_sub(1) * self.column + 1;
        let rows = if problem.keys == 0 { 0 } else { problem.queries };
        self.view.check(problem, (rows, width), size)
    }
}

/// A tensor that is read.
#[derive(Clone, Copy)]
pub struct Heads<'a> {
    pub elements: &'a [f32],
    pub view: View,
}

impl Heads<'_> {
    /// Where a row begins; where there are no rows, nowhere.
    pub fn row(&self, head: (usize, usize), row: usize) -> *const f32 {
        self.elements.as_ptr().wrapping_add(self.view.start(head, row))
    }
}

/// A mask that is added to the scores.
#[derive(Clone, Copy)]
pub struct Mask<'a> {
    pub elements: &'a [f32],
    pub at: MaskView,
}

impl Mask<'_> {
    /// Adds the entries for keys `first` … to the scores of query `row`.
    #[inline(always)]
    pub fn add(&self, head: (usize, usize), row: usize, first: usize, scores: &mut [f32]) {
        let Some(last) = scores.len().checked_sub(1) else {
            return;
        };
        let step = self.at.column;
        let start = self.at.view.start(head, row) + first * step;
        let entries = &self.elements[start..=start + last * step];
        match step {
            0 => scores.iter_mut().for_each(|score| *score += entries[0]),
            1 => scores.iter_mut().zip(entries).for_each(|(score, entry)| *score += entry),
            _ => scores.iter_mut().zip(entries.iter().step_by(step)).for_each(|(score, entry)| *score += entry),
        }
    }
}
