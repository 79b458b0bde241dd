//! Working memory that is kept between calls: fresh pages cost more than the work on them.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};
use std::sync::Mutex;

/// Large memory, which threads share.
static LARGE: Mutex<Vec<Vec<f32>>> = Mutex::new(Vec::new());

thread_local! {
    /// Small memory, which a thread keeps to itself: tasks ask for it often.
    static SMALL: RefCell<Vec<Vec<f32>>> = const { RefCell::new(Vec::new()) };
}

/// Floats of the largest small memory.
const SMALL_SIZE: usize = 1 << 16;

/// Floats to write to, of any content. They go back when it is dropped.
pub struct Scratch {
    memory: Vec<f32>,
    start: usize,
    length: usize,
}

/// Its first float starts a cache line.
const ALIGNMENT: usize = 64;

impl Scratch {
    pub fn new(length: usize) -> Self {
        let wanted = length + ALIGNMENT / size_of::<f32>();
        let mut memory = take(wanted);
        if memory.len() < wanted {
            memory = vec![0.0; wanted];
        }
        let start = memory.as_ptr().align_offset(ALIGNMENT);
        Scratch { memory, start, length }
    }
}

fn take(wanted: usize) -> Vec<f32> {
    if wanted <= SMALL_SIZE {
        return SMALL.with_borrow_mut(|idle| best_of(idle, wanted));
    }
    best_of(&mut LARGE.lock().unwrap_or_else(|broken| broken.into_inner()), wanted)
}

/// The smallest idle memory that is large enough, else the largest.
fn best_of(idle: &mut Vec<Vec<f32>>, wanted: usize) -> Vec<f32> {
    let fit = (0..idle.len()).filter(|&i| idle[i].len() >= wanted).min_by_key(|&i| idle[i].len());
    match fit.or_else(|| (0..idle.len()).max_by_key(|&i| idle[i].len())) {
        Some(place) => idle.swap_remove(place),
        None => Vec::new(),
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let memory = std::mem::take(&mut self.memory);
        if memory.len() <= SMALL_SIZE {
            // A thread that ends has no place for it any more: it is freed.
            let _ = SMALL.try_with(|idle| idle.borrow_mut().push(memory));
        } else {
            LARGE.lock().unwrap_or_else(|broken| broken.into_inner()).push(memory);
        }
    }
}

impl Deref for Scratch {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.memory[self.start..self.start + self.length]
    }
}

impl DerefMut for Scratch {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.memory[self.start..self.start + self.length]
    }
}
