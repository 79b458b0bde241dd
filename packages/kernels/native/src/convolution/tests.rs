use super::*;
use crate::parallel::result_on_any_threads;
use crate::patience;

fn geometry(
    [batch, height, width]: [usize; 3],
    [in_channels, out_channels, groups]: [usize; 3],
    taps: [usize; 2],
    [stride, dilation, pad]: [usize; 3],
    is_transposed: bool,
) -> Geometry {
    let output = [0, 1].map(|axis| {
        let (length, reach) = ([height, width][axis] + 2 * pad, (taps[axis] - 1) * dilation + 1);
        if length < reach { 0 } else { (length - reach) / stride + 1 }
    });
    let inner = in_channels / groups;
    let weight_steps = if is_transposed {
        [taps[1], 1, taps[0] * taps[1], inner * taps[0] * taps[1]] // [O, I, H, W]
    } else {
        [taps[1] * inner * out_channels, inner * out_channels, out_channels, 1] // [H, W, I, O]
    };
    Geometry {
        batch,
        input: [height, width],
        output,
        in_channels,
        out_channels,
        groups,
        taps,
        strides: [stride; 2],
        dilations: [dilation; 2],
        before: [pad; 2],
        weight_steps,
    }
}

fn geometries() -> Vec<Geometry> {
    let mut all = Vec::new();
    for is_transposed in [false, true] {
        for (space, channels, taps, steps) in [
            ([1, 1, 1], [1, 1, 1], [1, 1], [1, 1, 0]),
            ([2, 5, 7], [3, 4, 1], [3, 3], [1, 1, 1]),
            ([3, 8, 8], [16, 16, 1], [3, 3], [1, 1, 1]),
            ([2, 9, 9], [20, 35, 1], [3, 3], [2, 1, 1]),
            ([2, 8, 8], [8, 24, 1], [1, 1], [2, 1, 0]),
            ([1, 12, 5], [6, 9, 3], [3, 2], [1, 2, 2]),
            ([1, 1, 40], [5, 7, 1], [1, 10], [5, 1, 3]),
            ([2, 6, 6], [4, 4, 4], [3, 3], [1, 1, 1]),
            ([3, 11, 9], [37, 37, 37], [3, 3], [1, 1, 1]),
            ([2, 13, 10], [24, 24, 24], [5, 5], [2, 1, 2]),
            ([2, 9, 14], [5, 15, 5], [3, 3], [2, 1, 1]),
            ([1, 7, 8], [20, 40, 20], [3, 2], [1, 3, 2]),
            ([1, 1, 700], [9, 9, 9], [1, 7], [1, 2, 6]),
            ([2, 1, 530], [16, 32, 16], [1, 5], [3, 1, 0]),
            ([2, 2, 2], [8, 8, 8], [3, 3], [1, 1, 1]),
            ([1, 5, 5], [6, 6, 6], [2, 2], [3, 1, 0]),
            ([1, 3, 3], [4, 0, 4], [2, 2], [1, 1, 0]),
            ([1, 7, 7], [300, 18, 1], [3, 3], [3, 1, 1]),
            ([4, 16, 16], [130, 140, 1], [3, 3], [1, 1, 1]),
            ([2, 1, 14], [1024, 130, 1], [1, 3], [1, 1, 1]), // pixels a way of the first-level cache apart: they are copied
            ([1, 1, 100], [128, 130, 1], [1, 3], [8, 1, 0]), // the same by their stride, with several taps at once
            ([1, 2, 2], [3, 3, 1], [3, 3], [1, 1, 0]),       // windows do not fit
            ([0, 4, 4], [3, 3, 1], [3, 3], [1, 1, 1]),
        ] {
            all.push(geometry(space, channels, taps, steps, is_transposed));
        }
    }
    all
}

fn numbers(count: usize, seed: usize) -> Vec<f32> {
    (0..count).map(|i| ((i * 7919 + seed * 104_729) % 2003) as f32 / 1001.5 - 1.0).collect()
}

/// Calls `body` with the places of x, weights and y of every product of the convolution.
fn each(g: &Geometry, mut body: impl FnMut(usize, usize, usize)) {
    let (inner, outer) = (g.group_in(), g.group_out());
    for n in 0..g.batch {
        for (oy, ox) in (0..g.output[0]).flat_map(|y| (0..g.output[1]).map(move |x| (y, x))) {
            for (ty, tx) in (0..g.taps[0]).flat_map(|y| (0..g.taps[1]).map(move |x| (y, x))) {
                let y = (oy * g.strides[0] + ty * g.dilations[0]).wrapping_sub(g.before[0]);
                let x = (ox * g.strides[1] + tx * g.dilations[1]).wrapping_sub(g.before[1]);
                if y >= g.input[0] || x >= g.input[1] {
                    continue;
                }
                for o in 0..g.out_channels {
                    for i in 0..inner {
                        let steps = g.weight_steps;
                        let from = ((n * g.input[0] + y) * g.input[1] + x) * g.in_channels + o / outer * inner + i;
                        let weight = ty * steps[0] + tx * steps[1] + i * steps[2] + o * steps[3];
                        body(from, weight, ((n * g.output[0] + oy) * g.output[1] + ox) * g.out_channels + o);
                    }
                }
            }
        }
    }
}

fn assert_close(g: &Geometry, what: &str, got: &[f32], want: &[f64], terms: usize) {
    let bound = 1e-6 * (terms as f64 + 4.0);
    for (index, (got, want)) in got.iter().zip(want).enumerate() {
        assert!((f64::from(*got) - want).abs() <= bound, "{what} {index}: {got} for {want}, {g:?}");
    }
}

#[test]
fn a_convolution_and_its_gradients_are_exact_to_rounding_and_the_same_on_any_number_of_threads() {
    let work = |g: &Geometry| g.output_size() * g.tap_count() * g.group_in();
    for g in geometries().into_iter().filter(|g| !patience::is_short() || work(g) < 1 << 20) {
        let (x, weights) = (numbers(g.input_size(), 1), numbers(g.weight_count(), 2));
        let dy = numbers(g.output_size(), 3);
        g.check(x.len(), dy.len()).expect("sizes fit");
        g.check_weights(weights.len()).expect("weights fit");
        let [mut y, mut dx, mut dw] = [dy.len(), x.len(), weights.len()].map(|size| vec![0.0; size]);
        each(&g, |from, weight, to| {
            y[to] += f64::from(x[from]) * f64::from(weights[weight]);
            dx[from] += f64::from(dy[to]) * f64::from(weights[weight]);
            dw[weight] += f64::from(x[from]) * f64::from(dy[to]);
        });
        let (taps, places) = (g.tap_count(), g.batch * g.output[0] * g.output[1]);
        let got = result_on_any_threads(y.len(), |values, parallel| forward(&g, &x, &weights, values, parallel));
        assert_close(&g, "y", &got, &y, taps * g.group_in());
        let got =
            result_on_any_threads(dx.len(), |values, parallel| input_gradient(&g, &dy, &weights, values, parallel));
        assert_close(&g, "dx", &got, &dx, taps * g.group_out());
        let got = result_on_any_threads(dw.len(), |values, parallel| weight_gradient(&g, &x, &dy, values, parallel));
        assert_close(&g, "dw", &got, &dw, places);
    }
}

#[test]
fn tensors_of_other_sizes_are_refused() {
    let g = geometry([2, 5, 5], [3, 4, 1], [3, 3], [1, 1, 1], false);
    assert!(g.check(g.input_size(), g.output_size()).is_ok());
    assert!(g.check(g.input_size() - 1, g.output_size()).is_err());
    assert!(g.check(g.input_size(), g.output_size() + 1).is_err());
    assert!(g.check_weights(g.weight_count()).is_ok());
    assert!(g.check_weights(g.weight_count() - 1).is_err());
}
