use super::*;
use crate::parallel::result_on_any_threads;

const RATE: Rate = Rate { call: 1500, threshold: 1 << 20, factor: 4.0 / 3.0 };

/// The numbers of keyed-numbers.ts, as it computes them: in floats.
fn number(key: [i32; 4], call: u32, row: usize, column: usize) -> f32 {
    let wrapped = |x: f32| x - (x / 2048.0).floor() * 2048.0;
    let middle = |x: f32| (x * x / 64.0).floor();
    let parts = |place: usize, kind: u32| {
        let (place, call) = (place as u32, 2 * call);
        let own = [place % 2048, place / 2048 % 2048, (place / 2048 / 2048 + call / 2048) % 2048, (call + kind) % 2048];
        let mut now = [0, 1, 2, 3].map(|i| wrapped(key[i] as f32 + own[i] as f32));
        for [first, second] in [[1415.0, 926.0], [535.0, 897.0], [932.0, 384.0], [626.0, 433.0], [832.0, 795.0]] {
            let [a, b, c, d] = now;
            now = [wrapped(middle(b + second) + d), wrapped(middle(a + first) + c), a, b];
        }
        now
    };
    let (r, c) = (parts(row, 0), parts(column, 1));
    let a = wrapped(middle(c[0] + r[0]) + c[1] + r[1]);
    let b = wrapped(middle(a + r[2]) + c[2] + r[3]);
    wrapped(middle(b + c[3]) + a) * 2048.0 + b
}

#[test]
fn drops_where_the_number_is_below_the_threshold_on_any_number_of_threads() {
    let key = [2047, 0, 1234, 77];
    for (rows, columns) in [(1, 1), (7, 3), (5000, 7), (70, 300), (2, 40_000)] {
        let x: Vec<f32> = (0..rows * columns).map(|i| (i % 997) as f32 - 400.5).collect();
        let result = result_on_any_threads(x.len(), |result, parallel| {
            Dropping::new(RATE, &key, columns).unwrap().apply(&x, result, parallel)
        });
        for (i, (&x, &y)) in x.iter().zip(&result).enumerate() {
            let is_kept = number(key, RATE.call, i / columns, i % columns) >= RATE.threshold as f32;
            assert_eq!(y, if is_kept { x * RATE.factor } else { 0.0 }, "element {i} of {rows} by {columns}");
        }
    }
}

#[test]
fn a_part_of_a_row_is_dropped_as_the_whole_is() {
    let dropping = Dropping::new(RATE, &[1, 2, 3, 4], 100).unwrap();
    let (mut whole, mut part) = ([1.0; 100], [1.0; 30]);
    dropping.drop(9, 0, &mut whole);
    dropping.drop(9, 60, &mut part);
    assert_eq!(part, whole[60..90]);
    assert!(whole.iter().all(|&factor| factor == 0.0 || factor == RATE.factor));
}

#[test]
fn places_beyond_one_and_two_parts_have_numbers_of_their_own() {
    let chance = Chance::new([5, 6, 7, 8], 0);
    let rows = [0, 2048, 2048 * 2048, 3, 2051].map(|row| chance.row(row));
    for (i, row) in rows.iter().enumerate() {
        assert!(!rows[..i].contains(row), "row {i}");
    }
    assert_ne!(chance.row(4), Chance::new([5, 6, 7, 8], 1024).row(4));
}

#[test]
fn a_key_of_another_length_is_refused() {
    assert!(Dropping::new(RATE, &[1, 2, 3], 4).is_err());
}
