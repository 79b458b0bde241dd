//! Copies of rows that lie so far apart that they drive each other out of the first-level cache.

use crate::scratch::Scratch;

/// Bytes between addresses that share their few places in a first-level cache: 64 lines of 64 bytes on most processors.
const WAY: usize = 4096;

/// Lines that share their places and stay: half of eight, so that the panel has some too.
const STAYING_LINES: usize = 4;

/// Columns from which on a row's copy costs little beside what is computed with it.
pub const WORTH_COPYING: usize = 128;

/// Rows read together, these pointers apart, would not stay in the first-level cache.
pub fn clash(rows: &[*const f32]) -> bool {
    let Some((first, rest)) = rows.split_first() else { return false };
    let place = |row: &*const f32| (*row as usize).wrapping_sub(*first as usize) % WAY / 64;
    rest.iter().filter(|row| **row != *first && place(row) == 0).count() >= STAYING_LINES
}

/// Groups of rows side by side: each the segments' floats from … to, one after the other.
pub struct Copies {
    memory: Scratch,
    pointers: Vec<*const f32>,
    step: usize,
}

impl Copies {
    /// Room for `rows` rows of up to `length` floats.
    pub fn new(rows: usize, length: usize) -> Self {
        let step = length.next_multiple_of(16) + 16; // rows begin at different places of a way
        let memory = Scratch::new(rows * step);
        let pointers = (0..rows).map(|row| memory[row * step..].as_ptr()).collect();
        Copies { memory, pointers, step }
    }

    /// Copies floats from … to of the segments first … last of every row; `left` holds, a group, segments × `height` pointers.
    ///
    /// # Safety
    /// The pointers are valid for `to` floats.
    pub unsafe fn fill(
        &mut self,
        left: &[*const f32],
        (height, segments): (usize, usize),
        (first, last): (usize, usize),
        (from, to): (usize, usize),
    ) {
        let length = to - from;
        for (group, left) in left.chunks_exact(height * segments).enumerate() {
            for row in 0..height {
                let copy = &mut self.memory[(group * height + row) * self.step..][..(last - first) * length];
                for (segment, places) in (first..last).zip(copy.chunks_exact_mut(length)) {
                    // SAFETY: by this function's contract.
                    let floats = unsafe { std::slice::from_raw_parts(left[segment * height + row].add(from), length) };
                    places.copy_from_slice(floats);
                }
            }
        }
    }

    /// One pointer a row.
    pub fn group(&self, group: usize, height: usize) -> &[*const f32] {
        &self.pointers[group * height..][..height]
    }
}
