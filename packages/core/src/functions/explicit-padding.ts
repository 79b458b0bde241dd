/**
 * TensorFlow.js's convolutions may say how many zeros stand on each side; tfjs-node computes them forward, but its gradients
 * know only "same" and "valid". They are taught here: pad by hand, then "valid".
 */
import {
  getKernel,
  type KernelFunc,
  type NamedTensorInfoMap,
  pad as padTensor,
  registerKernel,
  slice,
  type Tensor,
  tidy,
  unregisterKernel,
} from "@tensorflow/tfjs-core";

type Margins = [before: number, after: number][];
type Attributes = Record<string, unknown>;

const taught = new WeakSet<KernelFunc>();

/** Call it when the backend `tensorflow` is registered; a second call changes nothing. */
export function teachExplicitPadding(): void {
  replace("Conv2DBackpropInput", gradientOfInput);
  replace("Conv2DBackpropFilter", gradientOfFilter);
  replace("DepthwiseConv2dNativeBackpropInput", gradientOfInput);
  replace("DepthwiseConv2dNativeBackpropFilter", gradientOfFilter);
}

type Run = (inputs: Record<string, Tensor>, attributes: Attributes) => Tensor;

function replace(kernelName: string, compute: (run: Run, inputs: Record<string, Tensor>, at: Attributes) => Tensor) {
  const kernel = getKernel(kernelName, "tensorflow");
  if (kernel === undefined || taught.has(kernel.kernelFunc)) return;
  const kernelFunc: KernelFunc = (call) => {
    if (!Array.isArray(call.attrs?.pad)) return kernel.kernelFunc(call);
    const run: Run = (inputs, attributes) => {
      const changed = {
        ...call,
        inputs: inputs as NamedTensorInfoMap,
        attrs: { ...attributes, pad: "valid" } as never,
      };
      return kernel.kernelFunc(changed) as Tensor;
    };
    return tidy(() => compute(run, call.inputs as Record<string, Tensor>, call.attrs as Attributes));
  };
  taught.add(kernelFunc);
  unregisterKernel(kernelName, "tensorflow");
  registerKernel({ ...kernel, kernelFunc });
}

/** The gradient of the padded input, without its margins. */
function gradientOfInput(run: Run, inputs: Record<string, Tensor>, attributes: Attributes): Tensor {
  const { pad, inputShape } = attributes as { pad: Margins; inputShape: number[] };
  const padded = inputShape.map((size, axis) => size + pad[axis]![0] + pad[axis]![1]);
  const gradient = run(inputs, { ...attributes, inputShape: padded });
  return slice(
    gradient,
    pad.map(([before]) => before),
    inputShape,
  );
}

function gradientOfFilter(run: Run, { x, dy }: Record<string, Tensor>, attributes: Attributes): Tensor {
  return run({ x: padTensor(x!, attributes.pad as Margins), dy: dy! }, attributes);
}
