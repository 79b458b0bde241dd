use super::*;
use crate::parallel::result_on_any_threads;
use crate::patience::is_short;

const LAYOUTS: [Layout; 2] = [Layout::Planes, Layout::Pixels];

/// Of a channel of a pixel within an image.
fn place(layout: Layout, (channels, pixels): (usize, usize), channel: usize, pixel: usize) -> usize {
    if layout == Layout::Planes { channel * pixels + pixel } else { pixel * channels + channel }
}

/// The result; the same bits on 1, 2 and 3 threads.
fn jittered<P: Pixel>(batch: &Batch, source: &[P]) -> Vec<f32> {
    result_on_any_threads(source.len(), |result, parallel| batch.compute(source, result, parallel))
}

/// Slot by slot as the formula says.
fn expected<P: Pixel>(batch: &Batch, source: &[P]) -> Vec<f64> {
    let Batch { images, channels, pixels, slots, .. } = *batch;
    let mut result = vec![f64::NAN; source.len()];
    let size = channels * pixels;
    for image in 0..images {
        let at = |c: usize, p: usize| image * size + place(batch.from, (channels, pixels), c, p);
        let read = |c: usize, p: usize| f64::from(source[at(c, p)].float()) * f64::from(batch.scale);
        let mut x: Vec<Vec<f64>> = (0..channels).map(|c| (0..pixels).map(|p| read(c, p)).collect()).collect();
        for slot in 0..slots {
            let weight = |matrix: &[f32], c: usize, d: usize| -> f64 {
                matrix[((slot * images + image) * channels + c) * channels + d].into()
            };
            let means: Vec<f64> = x.iter().map(|plane| plane.iter().sum::<f64>() / pixels as f64).collect();
            let value = |c: usize, p: usize| {
                let term = |d| weight(batch.of_pixel, c, d) * x[d][p] + weight(batch.of_mean, c, d) * means[d];
                (0..channels).map(term).sum::<f64>().clamp(0.0, 1.0)
            };
            x = (0..channels).map(|c| (0..pixels).map(|p| value(c, p)).collect()).collect();
        }
        if let Some(last) = batch.last {
            let row = |c: usize| &last[(image * channels + c) * (channels + 1)..][..=channels];
            let value = |c: usize, p: usize| {
                let term = |d: usize| f64::from(row(c)[d]) * x[d][p];
                f64::from(row(c)[channels]) + (0..channels).map(term).sum::<f64>()
            };
            x = (0..channels).map(|c| (0..pixels).map(|p| value(c, p)).collect()).collect();
        }
        for (c, plane) in x.iter().enumerate() {
            for (p, &value) in plane.iter().enumerate() {
                result[image * size + place(batch.to, (channels, pixels), c, p)] = value;
            }
        }
    }
    result
}

fn drawn(count: usize, seed: usize) -> Vec<f32> {
    (0..count).map(|i| ((i * 7919 + seed * 104_729) % 2003) as f32 / 2003.0).collect()
}

fn assert_as_expected<P: Pixel>(batch: &Batch, source: &[P]) {
    for (got, want) in jittered(batch, source).iter().zip(expected(batch, source)) {
        assert!((f64::from(*got) - want).abs() < 1e-5 * want.abs().max(1.0), "{got} for {want}");
    }
}

#[test]
fn each_slot_maps_pixels_and_mean_and_clips() {
    let sizes = [
        (1, 1, 1, 1),
        (3, 3, 50, 4),
        (2, 4, 33, 2),
        (2, 3, 0, 1),
        (0, 3, 4, 2),
        (1, 2, 5, 0),
        (5, 3, 1024, 4),
        (2, 3, 129, 5),
    ];
    for (images, channels, pixels, slots) in sizes {
        let floats = drawn(images * channels * pixels, 1);
        let bytes: Vec<u8> = floats.iter().map(|x| (255.0 * x) as u8).collect();
        let wholes: Vec<i32> = bytes.iter().map(|&byte| byte.into()).collect();
        let matrices = slots * images * channels * channels;
        let of_pixel: Vec<f32> = drawn(matrices, 2).iter().map(|x| 1.3 * x - 0.3).collect();
        let of_mean = drawn(matrices, 3);
        let last: Vec<f32> = drawn(images * channels * (channels + 1), 4).iter().map(|x| 8.0 * x - 4.0).collect();
        // Means in every slot, in none, and in every other.
        for weighed in [1, usize::MAX, 2] {
            let area = images * channels * channels;
            let of_mean: Vec<f32> = of_mean
                .iter()
                .enumerate()
                .map(|(i, &x)| if (i / area.max(1) + 1).is_multiple_of(weighed) { x } else { 0.0 })
                .collect();
            for (from, to) in LAYOUTS.iter().flat_map(|&from| LAYOUTS.map(|to| (from, to))) {
                let of_floats = Batch {
                    images,
                    channels,
                    pixels,
                    slots,
                    of_pixel: &of_pixel,
                    of_mean: &of_mean,
                    last: None,
                    from,
                    to,
                    scale: 1.0,
                };
                assert_as_expected(&of_floats, &floats);
                let of_bytes = Batch { scale: 1.0 / 255.0, ..of_floats };
                assert_as_expected(&of_bytes, &bytes);
                assert_as_expected(&Batch { last: Some(&last), ..of_bytes }, &bytes);
                assert_eq!(jittered(&of_bytes, &wholes), jittered(&of_bytes, &bytes));
            }
        }
    }
}

#[test]
fn the_mean_of_a_large_image_is_exact() {
    let pixels = if is_short() { 9000 } else { 9_000_000 };
    let bytes: Vec<u8> = (0..pixels).map(|i| if i % 3 == 0 { 255 } else { 51 }).collect();
    let batch = Batch {
        images: 1,
        channels: 1,
        pixels,
        slots: 1,
        of_pixel: &[0.0],
        of_mean: &[1.0],
        last: None,
        from: Layout::Pixels,
        to: Layout::Planes,
        scale: 1.0 / 255.0,
    };
    let mean = (1.0 + 2.0 * 0.2) / 3.0;
    assert!(jittered(&batch, &bytes).iter().all(|x| (x - mean).abs() < 1e-6));
}
