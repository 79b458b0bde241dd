//! Against the definition in double precision.

use super::backward::{Backward, Gradient};
use super::forward::Forward;
use super::problem::{Heads, Mask, MaskView, Problem, View};
use crate::dropout::{Dropping, Rate};
use crate::parallel::{Parallel, Sequential, Shared, Threads};

/// A problem, and the layout [B, rows, H, width] of its tensors.
struct Case {
    problem: Problem,
    query: Vec<f32>,
    key: Vec<f32>,
    value: Vec<f32>,
    gradient: Vec<f32>,
    mask: Option<(Vec<f32>, MaskView)>,
    rate: Option<Rate>,
}

const KEY: [i32; 4] = [11, 22, 33, 44];

/// Result, logarithms, and the gradients of q, k and v.
type Results = [Vec<f32>; 5];

fn numbers(count: usize, seed: usize) -> Vec<f32> {
    (0..count).map(|i| ((i * 7919 + seed * 104_729) % 2003) as f32 / 1001.5 - 1.0).collect()
}

impl Case {
    fn new(problem: Problem, mask: Option<[usize; 4]>) -> Self {
        let p = &problem;
        let count = p.count();
        let mask = mask.map(|lengths| {
            let mut steps = [0; 4];
            let mut size = 1;
            for (step, length) in steps.iter_mut().zip(lengths).rev() {
                *step = if length == 1 { 0 } else { size };
                size *= length;
            }
            let [batch, head, row, column] = steps;
            let view = View { offset: 3, batch, head, row };
            (numbers(size + 3, 5), MaskView { view, column })
        });
        Case {
            query: numbers(count * p.queries * p.width, 1),
            key: numbers(count * p.keys * p.width, 2),
            value: numbers(count * p.keys * p.value_width, 3),
            gradient: numbers(count * p.queries * p.value_width, 4),
            mask,
            rate: None,
            problem,
        }
    }

    fn view(&self, rows: usize, width: usize) -> View {
        let heads = self.problem.heads;
        View { offset: 0, batch: rows * heads * width, head: width, row: heads * width }
    }

    fn run(&self, parallel: &dyn Parallel) -> Results {
        let p = &self.problem;
        let (of_query, of_key) = (self.view(p.queries, p.width), self.view(p.keys, p.width));
        let (of_value, of_result) = (self.view(p.keys, p.value_width), self.view(p.queries, p.value_width));
        let heads = |elements, view| Heads { elements, view };
        let mask = self.mask.as_ref().map(|(elements, at)| Mask { elements, at: *at });
        let dropping = self.rate.map(|rate| Dropping::new(rate, &KEY, p.keys).unwrap());
        let dropping = dropping.as_ref();
        let mut result = vec![f32::NAN; self.gradient.len()];
        let mut logarithms = vec![f32::NAN; p.count() * p.queries];
        let [query, key, value] = [(&self.query, of_query), (&self.key, of_key), (&self.value, of_value)]
            .map(|(elements, view)| heads(elements.as_slice(), view));
        Forward {
            problem: p,
            query,
            key,
            value,
            mask,
            dropping,
            result: Shared::new(&mut result),
            result_view: of_result,
            logarithms: Shared::new(&mut logarithms),
        }
        .compute(parallel);
        let mut gradients = [&self.query, &self.key, &self.value].map(|tensor| vec![f32::NAN; tensor.len()]);
        let memory = gradients.each_mut().map(|memory| Shared::new(memory));
        let gradient = |index: usize, view| Gradient { memory: &memory[index], view };
        Backward {
            problem: p,
            query,
            key,
            value,
            result: heads(&result, of_result),
            gradient: heads(&self.gradient, of_result),
            logarithms: &logarithms,
            mask,
            dropping,
            query_gradient: gradient(0, of_query),
            key_gradient: gradient(1, of_key),
            value_gradient: gradient(2, of_value),
        }
        .compute(parallel);
        let [query, key, value] = gradients;
        [result, logarithms, query, key, value]
    }

    fn expected(&self) -> [Vec<f64>; 5] {
        let p = &self.problem;
        let at = |view: View, head, row| view.start(head, row);
        let (of_query, of_key) = (self.view(p.queries, p.width), self.view(p.keys, p.width));
        let (of_value, of_result) = (self.view(p.keys, p.value_width), self.view(p.queries, p.value_width));
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
        let mut result = vec![0.0; self.gradient.len()];
        let mut logarithms = Vec::new();
        let [mut dq, mut dk, mut dv] = [&self.query, &self.key, &self.value].map(|tensor| vec![0.0; tensor.len()]);
        for index in 0..p.count() {
            let head = p.head(index);
            for i in 0..p.queries {
                let q = &self.query[at(of_query, head, i)..][..p.width];
                let dy = &self.gradient[at(of_result, head, i)..][..p.value_width];
                let seen = if p.causal { p.keys.min(i + 1) } else { p.keys };
                let scores: Vec<f64> = (0..seen)
                    .map(|j| {
                        let masked = self
                            .mask
                            .as_ref()
                            .map_or(0.0, |(mask, at)| f64::from(mask[at.view.start(head, i) + j * at.column]));
                        f64::from(p.scale) * dot(q, &self.key[at(of_key, head, j)..][..p.width]) + masked
                    })
                    .collect();
                let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let base = if largest.is_finite() { largest } else { 0.0 };
                let total: f64 = scores.iter().map(|score| (score - base).exp()).sum();
                logarithms.push(base + total.ln());
                let weights: Vec<f64> =
                    scores.iter().map(|score| if total == 0.0 { 0.0 } else { (score - base).exp() / total }).collect();
                let factors = self.factors(index * p.queries + i);
                let of_weights: Vec<f64> = (0..seen)
                    .map(|j| factors[j] * dot(dy, &self.value[at(of_value, head, j)..][..p.value_width]))
                    .collect();
                let mean: f64 = weights.iter().zip(&of_weights).map(|(w, g)| w * g).sum();
                for j in 0..seen {
                    for d in 0..p.value_width {
                        result[at(of_result, head, i) + d] +=
                            factors[j] * weights[j] * f64::from(self.value[at(of_value, head, j) + d]);
                        dv[at(of_value, head, j) + d] += factors[j] * weights[j] * f64::from(dy[d]);
                    }
                    let of_score = f64::from(p.scale) * weights[j] * (of_weights[j] - mean);
                    for d in 0..p.width {
                        dq[at(of_query, head, i) + d] += of_score * f64::from(self.key[at(of_key, head, j) + d]);
                        dk[at(of_key, head, j) + d] += of_score * f64::from(q[d]);
                    }
                }
            }
        }
        [result, logarithms, dq, dk, dv]
    }

    /// By what the weights of a row of all heads' are multiplied.
    fn factors(&self, row: usize) -> Vec<f64> {
        let mut factors = vec![1.0; self.problem.keys];
        if let Some(rate) = self.rate {
            Dropping::new(rate, &KEY, self.problem.keys).unwrap().drop(row, 0, &mut factors);
        }
        factors.into_iter().map(f64::from).collect()
    }

    fn check(&self) {
        let got = self.run(&Sequential);
        for ((got, want), what) in got.iter().zip(self.expected()).zip(["result", "logarithms", "dq", "dk", "dv"]) {
            for (i, (&got, &want)) in got.iter().zip(&want).enumerate() {
                let close = f64::from(got) == want || (f64::from(got) - want).abs() <= 1e-5 * (1.0 + want.abs());
                assert!(close, "{what}[{i}] of {:?}: {got} for {want}", self.problem);
            }
        }
        for threads in [2, 3] {
            for (one, several) in got.iter().zip(self.run(&Threads(threads))) {
                let bits = |values: &[f32]| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
                assert_eq!(bits(one), bits(&several), "{threads} threads, {:?}", self.problem);
            }
        }
    }
}

fn problem([batch, heads, queries, keys, width, value_width]: [usize; 6], causal: bool) -> Problem {
    let scale = 1.0 / (width.max(1) as f32).sqrt();
    Problem { batch, heads, queries, keys, width, value_width, scale, causal }
}

#[test]
fn attention_and_its_gradients_of_any_shape_are_exact_to_rounding_and_the_same_on_any_number_of_threads() {
    let shapes = [
        [1, 1, 1, 1, 1, 1],
        [2, 3, 5, 7, 4, 3],
        [1, 2, 7, 5, 4, 3],
        [2, 2, 33, 128, 16, 33],
        [1, 2, 256, 33, 40, 8],
        [1, 1, 128, 128, 64, 64],
        [1, 1, 256, 257, 7, 16],
        [1, 1, 257, 256, 16, 7],
        [1, 2, 100, 70, 1, 65],
        [1, 2, 97, 289, 17, 16],
        [3, 3, 64, 64, 32, 32],
        [1, 1, 200, 300, 8, 33],
        [2, 1, 500, 130, 5, 6],
        [1, 2, 1, 400, 16, 16],
        [1, 1, 450, 450, 64, 64],
        [1, 1, 3, 0, 4, 4],
        [1, 1, 0, 3, 4, 4],
        [0, 2, 3, 3, 4, 4],
    ];
    let weights = |[batch, heads, queries, keys, ..]: [usize; 6]| batch * heads * queries * keys;
    for shape in shapes.into_iter().filter(|&shape| !crate::patience::is_short() || weights(shape) < 1 << 15) {
        for causal in [false, true] {
            Case::new(problem(shape, causal), None).check();
        }
    }
}

#[test]
fn dropped_weights_have_no_part_and_the_others_count_more() {
    for shape in [[2, 3, 5, 7, 4, 3], [1, 2, 100, 256, 9, 8], [2, 2, 100, 300, 9, 8], [1, 1, 450, 450, 16, 8]] {
        for (causal, mask) in [(false, None), (true, None), (true, Some([shape[0], 1, 1, shape[3]]))] {
            let rate = Some(Rate { call: 5, threshold: 1 << 20, factor: 4.0 / 3.0 });
            Case { rate, ..Case::new(problem(shape, causal), mask) }.check();
        }
    }
}

#[test]
fn masks_broadcast() {
    let shape = [2, 3, 100, 140, 9, 8];
    for mask in [[2, 3, 100, 140], [1, 1, 100, 140], [2, 1, 1, 140], [1, 3, 100, 1], [1, 1, 1, 1]] {
        for causal in [false, true] {
            Case::new(problem(shape, causal), Some(mask)).check();
        }
    }
}

#[test]
fn scales_may_be_negative_or_zero() {
    for scale in [-0.7, 0.0] {
        let problem = Problem { scale, ..problem([1, 2, 30, 150, 8, 8], false) };
        Case::new(problem, None).check();
    }
}

#[test]
fn scores_far_apart_do_not_overflow() {
    let mut case = Case::new(problem([1, 1, 3, 300, 4, 4], false), None);
    case.query.iter_mut().for_each(|x| *x *= 1e4);
    let [result, logarithms, ..] = case.run(&Sequential);
    assert!(result.iter().chain(&logarithms).all(|x| x.is_finite()));
}

#[test]
fn what_a_mask_of_minus_infinity_hides_has_no_part_and_who_sees_nothing_gets_zeros() {
    let mut case = Case::new(problem([1, 1, 3, 200, 4, 4], false), Some([1, 1, 3, 200]));
    let (mask, _) = case.mask.as_mut().expect("it has one");
    mask[3..203].fill(f32::NEG_INFINITY); // query 0
    mask[203..350].fill(f32::NEG_INFINITY); // query 1 sees the last 53 keys: none of its first tile
    case.check();
    let [result, _, of_query, ..] = case.run(&Sequential);
    assert_eq!(result[..4], [0.0; 4]);
    assert_eq!(of_query[..4], [0.0; 4]);
}

#[test]
fn a_view_that_leaves_its_tensor_is_refused() {
    let problem = problem([2, 3, 5, 7, 4, 3], false);
    let view = View { offset: 1, batch: 60, head: 4, row: 12 };
    assert!(view.check(&problem, (5, 4), 121).is_ok());
    assert!(view.check(&problem, (5, 4), 120).is_err());
    let mask = MaskView { view: View { offset: 0, batch: 0, head: 35, row: 7 }, column: 1 };
    assert!(mask.check(&problem, 105).is_ok());
    assert!(mask.check(&problem, 104).is_err());
}
