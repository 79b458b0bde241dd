/** A small residual network as a graph of ONNX, from its tensors: what an export would hold. */
import type { StoredTensor } from "../safetensors/stored-tensor.js";
import type { OnnxGraph, OnnxNode, OnnxWeights } from "./onnx-file.js";

/** Of ResNet-18 with the small stem, its tensors in torchvision's names. */
export function resnetGraph(tensors: Iterable<readonly [string, StoredTensor]>): OnnxGraph {
  const weights: OnnxWeights[] = [];
  for (const [name, { type, shape, bytes }] of tensors)
    if (type === "F32") weights.push({ name, shape, values: new Float32Array(Uint8Array.from(bytes).buffer) });
  const has = (name: string) => weights.some((own) => own.name === name);
  const nodes: OnnxNode[] = [];
  let last = "pixel_values";
  const add = (type: string, inputs: readonly string[], ints: NonNullable<OnnxNode["ints"]> = {}) => {
    const output = `t${nodes.length}`;
    nodes.push({ type, inputs, output, ints, ...(type === "BatchNormalization" && { floats: { epsilon: 1e-5 } }) });
    return output;
  };
  const convolved = (input: string, convolution: string, norm: string, stride: number) => {
    const { shape } = weights.find((own) => own.name === `${convolution}.weight`)!;
    const pad = (shape[2]! - 1) / 2;
    const made = add("Conv", [input, `${convolution}.weight`], {
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
    });
    const kept = ["weight", "bias", "running_mean", "running_var"].map((part) => `${norm}.${part}`);
    return add("BatchNormalization", [made, ...kept]);
  };
  last = add("Relu", [convolved(last, "conv1", "bn1", 1)]);
  for (const stage of [1, 2, 3, 4])
    for (const block of [0, 1]) {
      const name = `layer${stage}.${block}`;
      const stride = stage > 1 && block === 0 ? 2 : 1;
      const inside = add("Relu", [convolved(last, `${name}.conv1`, `${name}.bn1`, stride)]);
      const change = convolved(inside, `${name}.conv2`, `${name}.bn2`, 1);
      const shortcut = has(`${name}.downsample.0.weight`)
        ? convolved(last, `${name}.downsample.0`, `${name}.downsample.1`, stride)
        : last;
      last = add("Relu", [add("Add", [change, shortcut])]);
    }
  const [channels] = weights.find(({ name }) => name === "layer4.1.conv2.weight")!.shape;
  nodes.push({ type: "Identity", inputs: [last], output: "last_hidden_state" });
  return {
    inputs: [{ name: "pixel_values", type: "float32", shape: ["n", 3, "h", "w"] }],
    outputs: [{ name: "last_hidden_state", type: "float32", shape: ["n", channels!, "y", "x"] }],
    weights,
    nodes,
  };
}
