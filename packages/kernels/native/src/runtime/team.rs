//! Threads that compute beside the one ONNX Runtime calls on.
//!
//! They wait for the next operator in a loop for a moment, then sleep: to wake a thread takes longer than a small operator computes,
//! and threads that never sleep take processors from JavaScript's compiler and collector.

use std::cell::UnsafeCell;
use std::hint::spin_loop;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

/// Longer than what lies between two operators of a step, shorter than what lies between two steps.
const LINGER: Duration = Duration::from_micros(200);

/// Nobody may enter any more.
const CLOSED: usize = 1 << (usize::BITS - 1);

/// Every member that is awake runs it once, beside the caller.
type Work<'a> = &'a (dyn Fn() + Sync);

pub struct Team {
    /// With the caller; below 2: work is not taken.
    threads: AtomicUsize,
    /// Who gives work holds it: the number of members.
    members: Mutex<usize>,
    /// Written while it is closed and nobody is inside, read by those inside.
    work: UnsafeCell<Option<Work<'static>>>,
    /// Members inside; `CLOSED` stands beside the number.
    inside: AtomicUsize,
    /// Works given so far.
    round: AtomicUsize,
    asleep: AtomicUsize,
    bed: Mutex<()>,
    alarm: Condvar,
}

// SAFETY: `work` is written and read as told above; everything else is made for several threads.
unsafe impl Sync for Team {}

impl Team {
    pub const fn new() -> Self {
        Team {
            threads: AtomicUsize::new(0),
            members: Mutex::new(0),
            work: UnsafeCell::new(None),
            inside: AtomicUsize::new(CLOSED),
            round: AtomicUsize::new(0),
            asleep: AtomicUsize::new(0),
            bed: Mutex::new(()),
            alarm: Condvar::new(),
        }
    }

    /// How many threads compute from now on, with the caller.
    pub fn set_threads(&self, threads: usize) {
        self.threads.store(threads, Ordering::Relaxed);
    }

    /// Runs the work on the caller's thread and on the members that come in time; returns when all have left it. False: nothing was
    /// run, because there are no members or another caller has them.
    pub fn run(&'static self, work: Work) -> bool {
        let threads = self.threads.load(Ordering::Relaxed);
        if threads < 2 {
            return false;
        }
        let mut members = match self.members.try_lock() {
            Ok(members) => members,
            Err(TryLockError::Poisoned(broken)) => broken.into_inner(),
            Err(TryLockError::WouldBlock) => return false,
        };
        while *members < threads - 1 {
            let number = *members;
            let member = thread::Builder::new().name("kernels".into()).spawn(move || self.serve(number));
            if member.is_err() {
                break; // those that are there do it
            }
            *members += 1;
        }
        // SAFETY: closed, and the last one to leave was waited for. Who reads it is gone before `open` is dropped, so before `'_` ends.
        unsafe { *self.work.get() = Some(std::mem::transmute::<Work<'_>, Work<'static>>(work)) };
        let open = Open::new(self);
        work();
        drop(open);
        true
    }

    fn serve(&self, number: usize) {
        let mut seen = 0;
        loop {
            seen = self.next_round(seen);
            if number + 1 >= self.threads.load(Ordering::Relaxed) {
                continue; // fewer are wanted now
            }
            let is_open = self.inside.fetch_add(1, Ordering::Acquire) < CLOSED;
            // SAFETY: inside, so nobody writes it and what it borrows is alive.
            if is_open && let Some(work) = unsafe { *self.work.get() } {
                work();
            }
            self.inside.fetch_sub(1, Ordering::Release);
        }
    }

    /// Waits until the round is another.
    fn next_round(&self, seen: usize) -> usize {
        let start = Instant::now();
        while start.elapsed() < LINGER {
            for _ in 0..32 {
                let round = self.round.load(Ordering::Acquire);
                if round != seen {
                    return round;
                }
                spin_loop();
            }
        }
        let mut bed = whole(self.bed.lock());
        // Whoever gives work counts the round first and looks for sleepers then; here it is the other way round: one sees the other.
        self.asleep.fetch_add(1, Ordering::SeqCst);
        while self.round.load(Ordering::SeqCst) == seen {
            bed = whole(self.alarm.wait(bed));
        }
        self.asleep.fetch_sub(1, Ordering::SeqCst);
        self.round.load(Ordering::SeqCst)
    }
}

/// While it lives, members may enter; it ends when all have left, also where the caller's own work panics.
struct Open<'a>(&'a Team);

impl<'a> Open<'a> {
    fn new(team: &'a Team) -> Self {
        team.inside.fetch_and(!CLOSED, Ordering::Release);
        team.round.fetch_add(1, Ordering::SeqCst);
        if team.asleep.load(Ordering::SeqCst) > 0 {
            let _bed = whole(team.bed.lock());
            team.alarm.notify_all();
        }
        Open(team)
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.inside.fetch_or(CLOSED, Ordering::AcqRel);
        let mut turns = 0;
        while self.0.inside.load(Ordering::Acquire) != CLOSED {
            turns += 1;
            // A member without a processor needs this one.
            if turns < 10_000 { spin_loop() } else { thread::yield_now() }
        }
    }
}

/// The locks guard no data that a panic could leave half written.
fn whole<'a, T>(lock: Result<MutexGuard<'a, T>, PoisonError<MutexGuard<'a, T>>>) -> MutexGuard<'a, T> {
    lock.unwrap_or_else(|broken| broken.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `works` works add up, each in 16 parts that take turns.
    fn sum_of(team: &'static Team, works: usize, pause: Duration) -> usize {
        let sum = AtomicUsize::new(0);
        for _ in 0..works {
            let next = AtomicUsize::new(0);
            let take = || {
                while next.fetch_add(1, Ordering::Relaxed) < 16 {
                    sum.fetch_add(1, Ordering::Relaxed);
                }
            };
            if !team.run(&take) {
                take();
            }
            thread::sleep(pause);
        }
        sum.into_inner()
    }

    #[test]
    fn every_part_is_computed_once_by_members_that_wait_and_by_members_that_sleep() {
        static TEAM: Team = Team::new();
        for threads in [0, 1, 2, 3, 5, 2] {
            TEAM.set_threads(threads);
            assert_eq!(sum_of(&TEAM, 500, Duration::ZERO), 500 * 16);
            assert_eq!(sum_of(&TEAM, 5, 2 * LINGER), 5 * 16);
        }
        assert_eq!(*TEAM.members.lock().expect("no panic"), 4, "as many as were asked for at most");
    }

    #[test]
    fn of_several_callers_one_has_the_team() {
        static TEAM: Team = Team::new();
        TEAM.set_threads(3);
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| assert_eq!(sum_of(&TEAM, 300, Duration::ZERO), 300 * 16));
            }
        });
    }

    #[test]
    fn a_panic_of_the_caller_waits_for_the_members_and_leaves_the_team_in_order() {
        static TEAM: Team = Team::new();
        TEAM.set_threads(2);
        let caller = thread::current().id();
        let broken = std::panic::catch_unwind(|| {
            TEAM.run(&|| {
                if thread::current().id() == caller {
                    panic!("the caller's part");
                }
            })
        });
        assert!(broken.is_err());
        assert_eq!(sum_of(&TEAM, 100, Duration::ZERO), 100 * 16);
    }
}
