/**
 * PyTorch's padding: the same number of zeros on both sides of an image, whatever the stride.
 */
type Pair = readonly [height: number, width: number];

/** The padding as TensorFlow.js takes it: before and after each axis of [N, H, W, C]. */
export function symmetricPadding([height, width]: Pair): [Margin, Margin, Margin, Margin] {
  return [
    [0, 0],
    [height, height],
    [width, width],
    [0, 0],
  ];
}

type Margin = [before: number, after: number];
