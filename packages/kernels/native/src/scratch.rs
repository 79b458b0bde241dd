//! Working memory that is kept between calls: fresh pages cost more than the work on them.

use std::ops::{Deref, DerefMut};
use std::sync::Mutex;

static IDLE: Mutex<Vec<Vec<f32>>> = Mutex::new(Vec::new());

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

/// The smallest idle memory that is large enough, else the largest.
fn take(wanted: usize) -> Vec<f32> {
    let mut idle = IDLE.lock().unwrap_or_else(|broken| broken.into_inner());
    let fit = (0..idle.len()).filter(|&i| idle[i].len() >= wanted).min_by_key(|&i| idle[i].len());
    match fit.or_else(|| (0..idle.len()).max_by_key(|&i| idle[i].len())) {
        Some(place) => idle.swap_remove(place),
        None => Vec::new(),
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let memory = std::mem::take(&mut self.memory);
        IDLE.lock().unwrap_or_else(|broken| broken.into_inner()).push(memory);
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
