//! Work cut into tasks. What a task computes never depends on how many threads take them: the same bits on any number.

/// Runs `body` once for each task number below `tasks`, in any order, on any threads; returns when all are done.
pub trait Parallel: Sync {
    fn run(&self, tasks: usize, body: &(dyn Fn(usize) + Sync));
}

/// One task after the other on the caller's thread.
pub struct Sequential;

impl Parallel for Sequential {
    fn run(&self, tasks: usize, body: &(dyn Fn(usize) + Sync)) {
        (0..tasks).for_each(body);
    }
}

/// Memory that tasks write to, each its own part.
pub struct Shared<T>(*mut T, usize);

// SAFETY: access is through `part`, whose callers promise disjoint parts.
unsafe impl<T: Send> Sync for Shared<T> {}

impl<T> Shared<T> {
    pub fn new(elements: &mut [T]) -> Self {
        Shared(elements.as_mut_ptr(), elements.len())
    }

    /// A place to write to; the caller keeps within the memory and apart from others.
    pub fn pointer(&self, start: usize) -> *mut T {
        assert!(start < self.1.max(1), "a place must lie within the memory");
        // SAFETY: within the memory by the assertion.
        unsafe { self.0.add(start) }
    }

    /// # Safety
    /// No two live parts overlap.
    #[allow(clippy::mut_from_ref)]
    pub unsafe fn part(&self, start: usize, length: usize) -> &mut [T] {
        assert!(start + length <= self.1, "a part must lie within the memory");
        // SAFETY: within the memory by the assertion, disjoint by the caller's promise.
        unsafe { std::slice::from_raw_parts_mut(self.0.add(start), length) }
    }
}

/// As many threads as told: for tests, which compare what different numbers compute.
#[cfg(test)]
pub struct Threads(pub usize);

#[cfg(test)]
impl Parallel for Threads {
    fn run(&self, tasks: usize, body: &(dyn Fn(usize) + Sync)) {
        let next = std::sync::atomic::AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..self.0 {
                scope.spawn(|| {
                    loop {
                        let task = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        if task >= tasks {
                            return;
                        }
                        body(task);
                    }
                });
            }
        });
    }
}

/// What `run` writes to so many floats, after a look that 2 and 3 threads write the same bits.
#[cfg(test)]
pub fn result_on_any_threads(size: usize, run: impl Fn(&mut [f32], &dyn Parallel)) -> Vec<f32> {
    let on = |parallel: &dyn Parallel| {
        let mut values = vec![f32::NAN; size];
        run(&mut values, parallel);
        values
    };
    let one = on(&Sequential);
    for threads in [2, 3] {
        let same = on(&Threads(threads)).iter().zip(&one).all(|(a, b)| a.to_bits() == b.to_bits());
        assert!(same, "{threads} threads compute the same bits");
    }
    one
}
