//! Numbers by chance as a function of a key, a call's number and a place.
//!
//! `packages/core/src/functions/keyed-numbers.ts` computes the same in floats, which are exact there: parts of 11 bits, of which one adds
//! the middle of its square to another. What one of the two changes, the other must.

use std::ops::Range;

use crate::rows::{Loops, vectorized};

/// A part's range is 0 … 2047.
const BITS: u32 = 11;
const LIMB: u32 = (1 << BITS) - 1;

/// Added before squaring, round by round.
const ROUNDS: [[u32; 2]; 5] = [[1415, 926], [535, 897], [932, 384], [626, 433], [832, 795]];

/// Four parts of 11 bits.
pub type Parts = [u32; 4];

/// Where a call's numbers come from.
#[derive(Clone, Copy, Debug)]
pub struct Chance {
    key: Parts,
    call: u32,
}

impl Chance {
    pub fn new(key: [i32; 4], call: u32) -> Self {
        Chance { key: key.map(|part| part as u32 & LIMB), call }
    }

    /// What all numbers of a row have in common.
    #[inline(always)]
    pub fn row(&self, row: usize) -> Parts {
        self.place(row as u32, 0)
    }

    /// The same for each column.
    pub fn columns(&self, count: usize) -> Columns {
        let mut parts = [0; 4].map(|_| vec![0; count]);
        vectorized(Stirring { chance: self, parts: &mut parts });
        Columns(parts)
    }

    #[inline(always)]
    fn place(&self, place: u32, kind: u32) -> Parts {
        let call = 2 * self.call;
        let parts = [place, place >> BITS, (place >> (2 * BITS)) + (call >> BITS), call + kind];
        stir([0, 1, 2, 3].map(|i| (self.key[i] + (parts[i] & LIMB)) & LIMB))
    }
}

/// What all numbers of a column have in common, part by part.
pub struct Columns([Vec<u32>; 4]);

impl Columns {
    /// The parts of some columns.
    #[inline(always)]
    pub fn part(&self, columns: Range<usize>) -> [&[u32]; 4] {
        [0, 1, 2, 3].map(|i| &self.0[i][columns.clone()])
    }
}

struct Stirring<'a> {
    chance: &'a Chance,
    parts: &'a mut [Vec<u32>; 4],
}

impl Loops for Stirring<'_> {
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
        let [a, b, c, d] = self.parts;
        for (i, (((a, b), c), d)) in a.iter_mut().zip(b).zip(c).zip(d).enumerate() {
            [*a, *b, *c, *d] = self.chance.place(i as u32, 1);
        }
    }
}

/// A Feistel cipher: two parts add to the other two, which then change places with them, crossed.
#[inline(always)]
fn stir([mut a, mut b, mut c, mut d]: Parts) -> Parts {
    for [first, second] in ROUNDS {
        let (to_c, to_d) = ((middle(a + first) + c) & LIMB, (middle(b + second) + d) & LIMB);
        [a, b, c, d] = [to_d, to_c, a, b];
    }
    [a, b, c, d]
}

/// Bits 6 to 23 of x², x below 2¹².
#[inline(always)]
fn middle(x: u32) -> u32 {
    (x * x) >> 6
}

/// The number at a row's and a column's crossing: below 2²².
#[inline(always)]
pub fn crossing(row: &Parts, column: Parts) -> u32 {
    let a = (middle(column[0] + row[0]) + column[1] + row[1]) & LIMB;
    let b = (middle(a + row[2]) + column[2] + row[3]) & LIMB;
    let d = (middle(b + column[3]) + a) & LIMB;
    (d << BITS) + b
}
