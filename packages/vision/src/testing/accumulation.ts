/**
 * Whether a method's loss is a mean over images: its gradient at a batch against the mean of its gradients at the batch's parts.
 */
import { gradientsOf, type Method, namedVariables, type Tensors } from "@autodidact/core";
import { slice, type Tensor, tidy } from "@tensorflow/tfjs-core";

/**
 * The largest difference, as a share of the largest gradient. In evaluation mode: batch norm, which makes any method depend on how a batch is
 * cut, then knows its running statistics alone. Tensors of `images` rows are cut, others belong to every part.
 */
export function accumulationError<Sample, Batch extends Tensors>(
  method: Method<Sample, Batch>,
  batch: Batch,
  { images, parts }: { images: number; parts: number },
): number {
  const parameters = namedVariables(method.learned, "parameters");
  const gradientsAt = (part: Tensors) => {
    const { gradients } = gradientsOf(() => method.loss(part as Batch), parameters);
    return Object.values(gradients).flatMap((gradient) => [...gradient.dataSync()]);
  };
  let error = 0;
  tidy(() => {
    const whole = gradientsAt(batch);
    const size = images / parts;
    const each = Array.from({ length: parts }, (_, part) =>
      gradientsAt(rowsOf(batch, { images, from: part * size, size })),
    );
    const largest = Math.max(...whole.map(Math.abs));
    const averages = whole.map((_, i) => each.reduce((sum, gradients) => sum + gradients[i]! / parts, 0));
    error = Math.max(...whole.map((value, i) => Math.abs(value - averages[i]!))) / largest;
  });
  return error;
}

interface Rows {
  readonly images: number;
  readonly from: number;
  readonly size: number;
}

function rowsOf(batch: Tensors, rows: Rows): Tensors {
  const { images, from, size } = rows;
  const cut = (value: Tensor | Tensors) => {
    if (!("dataId" in value)) return rowsOf(value, rows);
    const tensor = value as Tensor;
    const others = tensor.shape.slice(1);
    return tensor.shape[0] === images ? slice(tensor, [from, ...others.map(() => 0)], [size, ...others]) : tensor;
  };
  return Object.fromEntries(Object.entries(batch).map(([name, value]) => [name, cut(value)]));
}
