use super::*;
use crate::parallel::result_on_any_threads;
use crate::pixel::Pixel;

fn batch<'a, P>(
    pixels: &'a [P],
    image: [usize; 3],
    (boxes, numbers): (&'a [f32], &'a [i32]),
    sampling: Sampling,
    size: [usize; 2],
) -> Batch<'a, P> {
    Batch { pixels, image, boxes, numbers, sampling, size, planes: false, scale: 1.0, outside: -7.0 }
}

/// The crops; the same bits on 1, 2 and 3 threads.
fn crops<P: Pixel>(batch: &Batch<P>) -> Vec<f32> {
    let size = batch.numbers.len() * batch.size[0] * batch.size[1] * batch.image[2];
    result_on_any_threads(size, |result, parallel| batch.crop(result, parallel))
}

#[test]
fn a_box_crops_and_a_turned_one_mirrors() {
    let boxes = [0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0];
    let image = batch(&[1_u8, 2, 3, 4, 5, 6], [2, 3, 1], (&boxes, &[0, 0]), Sampling::Corners, [2, 2]);
    assert_eq!(crops(&image), [1.0, 3.0, 4.0, 6.0, 3.0, 1.0, 6.0, 4.0]);
    let shares = Batch { sampling: Sampling::Shares, size: [2, 3], ..image };
    assert_eq!(crops(&shares), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 3.0, 2.0, 1.0, 6.0, 5.0, 4.0]);
}

#[test]
fn samples_beyond_the_image_are_outside() {
    let boxes = [0.0, -0.5, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0, f32::NAN, 0.0, 1.0, 1.0];
    let image = batch(&[10.0_f32, 20.0, 30.0], [1, 3, 1], (&boxes, &[0; 3]), Sampling::Nearest, [1, 4]);
    assert_eq!(crops(&image)[..4], [-7.0, 10.0, 20.0, 30.0]);
    assert_eq!(crops(&image)[4..], [-7.0; 8]);
    assert_eq!(crops(&Batch { image: [0, 3, 1], ..image }), [-7.0; 12]);
}

/// What a pixel weighs in sample `i` of `count` from … to; nothing where the sample is outside.
fn weight(
    sampling: Sampling,
    (from, to): (f64, f64),
    length: usize,
    (i, count): (usize, usize),
    pixel: usize,
) -> Option<f64> {
    let tent = |reach: f64, distance: f64| (reach - distance.abs()).max(0.0);
    let last = length as f64 - 1.0;
    let corner =
        if count == 1 { (from + to) / 2.0 * last } else { last * (from + (to - from) * i as f64 / (count - 1) as f64) };
    match sampling {
        Sampling::Shares => {
            let step = (to - from) * length as f64 / count as f64;
            let centre = from * length as f64 + step * (i as f64 + 0.5);
            let of = |pixel: usize| tent(step.abs().max(1.0), centre - pixel as f64 - 0.5);
            Some(of(pixel) / (0..length).map(of).sum::<f64>())
        }
        _ if corner < 0.0 || corner > last => None,
        Sampling::Corners => Some(tent(1.0, corner - pixel as f64)),
        Sampling::Nearest => Some(f64::from((corner + 0.5).floor() == pixel as f64)),
    }
}

#[test]
fn samples_weigh_pixels_as_the_formulas_say() {
    let boxes = [0.013, 0.02, 0.977, 0.941, 0.31, 0.83, 0.64, 0.11, -0.213, 0.4, 0.7, 1.31];
    let numbers = [1, 0, 1];
    for (height, width, channels) in [(5, 7, 3), (1, 1, 1), (23, 2, 4), (9, 40, 2)] {
        for size in [[1, 1], [4, 9], [11, 3]] {
            for sampling in [Sampling::Corners, Sampling::Nearest, Sampling::Shares] {
                let used = if sampling == Sampling::Shares { 2 } else { 3 }; // its boxes lie within the image
                let boxes = &boxes[..4 * used];
                let bytes: Vec<u8> = (0..2 * height * width * channels).map(|i| (i * 7919 % 251) as u8).collect();
                let numbers = &numbers[..used];
                let of_bytes = batch(&bytes, [height, width, channels], (boxes, numbers), sampling, size);
                let got = crops(&of_bytes);
                let whole: Vec<i32> = bytes.iter().map(|&byte| byte.into()).collect();
                let floats: Vec<f32> = bytes.iter().map(|&byte| byte.into()).collect();
                let image = of_bytes.image;
                assert_eq!(crops(&batch(&whole, image, (boxes, numbers), sampling, size)), got);
                assert_eq!(crops(&batch(&floats, image, (boxes, numbers), sampling, size)), got);
                let planes = crops(&Batch { planes: true, scale: 0.5, ..of_bytes });
                let mut index = 0;
                for (b, &number) in numbers.iter().enumerate() {
                    let [top, left, bottom, right] = std::array::from_fn(|i| f64::from(boxes[4 * b + i]));
                    for (r, c, channel) in (0..size[0])
                        .flat_map(|r| (0..size[1]).flat_map(move |c| (0..channels).map(move |channel| (r, c, channel))))
                    {
                        let mut sum = Some(0.0);
                        for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
                            let row = weight(sampling, (top, bottom), height, (r, size[0]), y);
                            let column = weight(sampling, (left, right), width, (c, size[1]), x);
                            let pixel = bytes[((number as usize * height + y) * width + x) * channels + channel];
                            sum = sum.zip(row.zip(column)).map(|(sum, (a, b))| sum + a * b * f64::from(pixel));
                        }
                        let want = sum.unwrap_or(-7.0);
                        assert!((f64::from(got[index]) - want).abs() < 1e-3, "{} for {want}, {sampling:?}", got[index]);
                        let plane = planes[((b * channels + channel) * size[0] + r) * size[1] + c];
                        let half = sum.map_or(-7.0, |sum| sum / 2.0);
                        assert!((f64::from(plane) - half).abs() < 1e-3, "{plane} for {half}");
                        index += 1;
                    }
                }
            }
        }
    }
}

#[test]
fn whatever_a_box_says_no_pixel_but_the_images_is_read() {
    let wild = [0.0, 1.0, -1.0, 0.5, 1e9, -1e9, f32::MAX, f32::MIN, f32::INFINITY, f32::NEG_INFINITY, f32::NAN, 1e-40];
    let boxes: Vec<f32> = (0..4 * 400).map(|i| wild[i * 7919 % 4093 % wild.len()]).collect();
    let pixels = vec![3_u8; 5 * 6 * 3];
    for sampling in [Sampling::Corners, Sampling::Nearest, Sampling::Shares] {
        let result = crops(&batch(&pixels, [5, 6, 3], (&boxes, &[0; 400]), sampling, [3, 8]));
        let expected = |x: f32| (x - 3.0).abs() < 1e-3 || x == -7.0 || (x.is_nan() && sampling == Sampling::Shares);
        assert!(result.iter().all(|&x| expected(x)), "{sampling:?}");
    }
}
