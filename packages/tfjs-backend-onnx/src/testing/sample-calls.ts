/**
 * A call of every kernel that becomes a node and that TensorFlow.js's CPU backend has too, its axes named by letters: any of them can be of any length, and the
 * other inputs and the attributes follow.
 */
import { type Call, type Numbers, numbers } from "./same-as-cpu.js";

/** Lengths by letter. */
type Lengths = Readonly<Record<string, number>>;

interface Sample {
  kernel: string;
  /** "n h w c", "int32 n": a type where it is not float32, then axes: letters, or lengths that stay. */
  inputs: Readonly<Record<string, string>>;
  attributes(lengths: Lengths): object;
}

/** Letters have these lengths unless told. */
const LENGTHS: Lengths = { n: 2, h: 4, w: 5, d: 3, c: 3, i: 3, o: 2, r: 2, s: 3, m: 4, k: 3, b: 2, p: 2, q: 2 };

const sample = (kernel: string, inputs: Sample["inputs"], attributes: Sample["attributes"] = () => ({})): Sample => ({
  kernel,
  inputs,
  attributes,
});

const each = (kernels: string, inputs: Sample["inputs"], attributes: object = {}) =>
  kernels.split(" ").map((kernel) => sample(kernel, inputs, () => attributes));

const window = { strides: 1, pad: "same", dilations: 1 };
const image = { ...window, dataFormat: "NHWC" };
const pool = { filterSize: 2, strides: 2, pad: "same" };
const resize = { alignCorners: false, halfPixelCenters: false };
const response = { depthRadius: 1, bias: 1, alpha: 1, beta: 0.5 };
const mask = { beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };
const half = (length: number) => Math.ceil(length / 2);

const ELEMENTWISE: readonly Sample[] = [
  ...each(
    "Add Sub Multiply RealDiv Mod Pow Maximum Minimum SquaredDifference Atan2 Equal NotEqual Greater GreaterEqual Less LessEqual",
    { a: "n m", b: "n m" },
  ),
  ...each("Add Multiply Less Maximum", { a: "n 1", b: "m" }),
  ...each("FloorDiv BitwiseAnd", { a: "int32 n m", b: "int32 m" }),
  ...each("AddN", { 0: "n m", 1: "n m", 2: "n m" }),
  ...each("LogicalAnd LogicalOr", { a: "bool n m", b: "bool n m" }),
  ...each("LogicalNot", { x: "bool n m" }),
  ...each("Select", { condition: "bool n m", t: "n m", e: "n m" }),
  ...each("Select", { condition: "bool n", t: "n m", e: "n m" }),
  ...each(
    "Acos Acosh Asin Asinh Atan Atanh Cos Cosh Sin Sinh Tanh Log Sqrt Reciprocal Erf Abs Neg Ceil Floor Round Exp Tan Expm1 Log1p " +
      "Rsqrt Square Sign IsNan IsInf IsFinite Relu Relu6 Elu Selu Sigmoid Softplus OnesLike ZerosLike",
    { x: "n m" },
  ),
  ...each("ClipByValue", { x: "n m" }, { clipValueMin: -0.5, clipValueMax: 0.5 }),
  ...each("Step LeakyRelu", { x: "n m" }, { alpha: 0.2 }),
  ...each("Prelu", { x: "n m", alpha: "m" }),
  ...each("EluGrad", { dy: "n m", y: "n m" }),
];

const REDUCTIONS: readonly Sample[] = [
  ...each("Softmax", { logits: "n m" }, { dim: -1 }),
  ...[0, 1, [0, 2], [0, 1, 2]].flatMap((axis) => [
    ...each("Sum Prod Mean Min", { x: "n m k" }, { axis, keepDims: false }),
    ...each("Max", { x: "n m k" }, { reductionIndices: axis, keepDims: false }),
    ...each("All Any", { x: "bool n m k" }, { axis, keepDims: false }),
  ]),
  ...[0, 1].flatMap((axis) => each("ArgMax ArgMin", { x: "n m" }, { axis })),
  ...[0, 1].flatMap((axis) => each("Cumsum Cumprod", { x: "n m" }, { axis, exclusive: false, reverse: false })),
];

const SHAPING: readonly Sample[] = [
  ...each("Transpose", { x: "n m k" }, { perm: [2, 0, 1] }),
  ...each("Concat", { 0: "n m", 1: "k m" }, { axis: 0 }),
  ...each("Pack", { 0: "n m", 1: "n m" }, { axis: 1 }),
  ...each("Unpack", { value: "2 m" }, { axis: 0 }),
  ...each("Unpack", { value: "n m" }, { axis: 0 }),
  sample("SplitV", { x: "n m" }, ({ m }) => ({ numOrSizeSplits: [m! - half(m!), half(m!)], axis: 1 })),
  sample("Slice", { x: "n m" }, ({ n, m }) => ({ begin: [0, 0], size: [n, m] })),
  sample("StridedSlice", { x: "n m" }, ({ n, m }) => ({ begin: [0, 0], end: [n, m], strides: [1, 2], ...mask })),
  ...each("Reverse", { x: "n m" }, { dims: [0, 1] }),
  ...each("Tile", { x: "n m" }, { reps: [2, 3] }),
  ...each("Tile", { x: "n m" }, { reps: [0, 1] }),
  ...each("PadV2", { x: "n m" }, { paddings: [[1, 2], [0, 1]], constantValue: 3 }), // biome-ignore format: one row
  ...each("DepthToSpace", { x: "n h w 4" }, { blockSize: 2, dataFormat: "NHWC" }),
  ...each("BatchToSpaceND", { x: "4 h w c" }, { blockShape: [2, 2], crops: [[0, 0], [0, 0]] }), // biome-ignore format: one row
  ...each("SpaceToBatchND", { x: "n 4 2 c" }, { blockShape: [2, 2], paddings: [[0, 0], [0, 0]] }), // biome-ignore format: one row
  sample("MirrorPad", { x: "3 m" }, () => ({ paddings: [[1, 1], [0, 0]], mode: "reflect" })), // biome-ignore format: one row
  sample("MirrorPad", { x: "3 m" }, () => ({ paddings: [[1, 1], [0, 0]], mode: "symmetric" })), // biome-ignore format: one row
  sample("Fill", {}, ({ n, m }) => ({ shape: [n, m], value: 3, dtype: "float32" })),
  sample("Range", {}, ({ n }) => ({ start: 0, stop: n, step: 1, dtype: "float32" })),
  sample("LinSpace", {}, () => ({ start: 0, stop: 1, num: 3 })),
];

const PLACES: readonly Sample[] = [
  ...[0, 1].flatMap((axis) => each("GatherV2", { x: "n m", indices: "int32 p q" }, { axis, batchDims: 0 })),
  ...each("GatherV2", { x: "b m c", indices: "int32 b p" }, { axis: 1, batchDims: 1 }),
  ...each("GatherNd", { params: "n m", indices: "int32 p 1" }),
  ...each("GatherNd", { params: "n m", indices: "int32 p q 2" }),
  sample("OneHot", { indices: "int32 n m" }, ({ k }) => ({ depth: k, onValue: 1, offValue: 0, dtype: "float32" })),
  sample("TopK", { x: "n m" }, ({ m }) => ({ k: Math.min(2, m!), sorted: true })),
  ...each("TopK", { x: "n m" }, { k: 0, sorted: true }),
  ...each("TopK", { x: "int32 n b m" }, { k: 1, sorted: true }),
  ...["left", "right"].flatMap((side) => each("SearchSorted", { sortedSequence: "n m", values: "n k" }, { side })),
  sample("ScatterNd", { indices: "int32 p 1", updates: "p m" }, ({ n, m }) => ({ shape: [n, m] })),
  ...each("TensorScatterUpdate", { tensor: "n m", indices: "int32 p 1", updates: "p m" }),
  sample("SparseToDense", { sparseIndices: "int32 p 1", sparseValues: "p", defaultValue: "" }, ({ n }) => ({
    outputShape: [n],
    validateIndices: false,
  })),
  sample("UnsortedSegmentSum", { x: "n m", segmentIds: "int32 n" }, ({ k }) => ({ numSegments: k })),
  ...each("Diag", { x: "n" }),
];

const PRODUCTS: readonly Sample[] = [
  ...[false, true].flatMap((transposeA) =>
    [false, true].flatMap((transposeB) =>
      each(
        "BatchMatMul",
        { a: transposeA ? "b k n" : "b n k", b: transposeB ? "b m k" : "b k m" },
        { transposeA, transposeB },
      ),
    ),
  ),
  ...each(
    "_FusedMatMul",
    { a: "1 n k", b: "1 k m", bias: "m" },
    { transposeA: false, transposeB: false, activation: "relu" },
  ),
  ...each("Einsum", { 0: "n k", 1: "k m" }, { equation: "nk,km->nm" }),
  ...each("Conv2D", { x: "n h w i", filter: "r s i o" }, image),
  ...each("Conv2D", { x: "n h w i", filter: "1 1 i o" }, image),
  ...each("Conv2D", { x: "n h w i", filter: "r s i o" }, { ...image, strides: 2 }),
  ...each("Conv2D", { x: "n i h w", filter: "r s i o" }, { ...image, dataFormat: "NCHW" }),
  ...each("FusedConv2D", { x: "n h w i", filter: "r s i o", bias: "o" }, { ...image, activation: "relu" }),
  ...each("Conv3D", { x: "n d h w i", filter: "2 r s i o" }, { ...window, dataFormat: "NDHWC" }),
  sample("Conv2DBackpropInput", { dy: "n h w o", filter: "r s i o" }, ({ n, h, w, i }) => ({
    ...image,
    inputShape: [n, h, w, i],
  })),
  sample("Conv2DBackpropInput", { dy: "n h w o", filter: "1 1 i o" }, ({ n, h, w, i }) => ({
    ...image,
    inputShape: [n, h, w, i],
  })),
  sample("Conv2DBackpropFilter", { x: "n h w i", dy: "n h w o" }, ({ r, s, i, o }) => ({
    ...image,
    filterShape: [r, s, i, o],
  })),
  sample("Conv3DBackpropInputV2", { dy: "n d h w o", filter: "2 r s i o" }, ({ n, d, h, w, i }) => ({
    ...window,
    inputShape: [n, d, h, w, i],
  })),
  sample("Conv3DBackpropFilterV2", { x: "n d h w i", dy: "n d h w o" }, ({ r, s, i, o }) => ({
    ...window,
    filterShape: [2, r, s, i, o],
  })),
  ...each("DepthwiseConv2dNative", { x: "n h w c", filter: "r s c m" }, window),
  ...each("FusedDepthwiseConv2D", { x: "n h w c", filter: "r s c 1", bias: "c" }, { ...window, activation: "relu" }),
  sample("DepthwiseConv2dNativeBackpropInput", { dy: "n h w c", filter: "r s c 1" }, ({ n, h, w, c }) => ({
    ...window,
    inputShape: [n, h, w, c],
  })),
  sample("DepthwiseConv2dNativeBackpropFilter", { x: "n h w c", dy: "n h w c" }, ({ r, s, c }) => ({
    ...window,
    filterShape: [r, s, c, 1],
  })),
  ...each("Dilation2D", { x: "n h w c", filter: "r s c" }, window),
  ...each("Dilation2DBackpropInput Dilation2DBackpropFilter", { x: "n h w c", filter: "r s c", dy: "n h w c" }, window),
];

const IMAGES: readonly Sample[] = [
  ...each("MaxPool AvgPool", { x: "n h w c" }, pool),
  ...each("MaxPool3D AvgPool3D", { x: "n d h w c" }, { ...pool, dataFormat: "NDHWC" }),
  ...each("MaxPoolGrad AvgPoolGrad", { dy: "n h w c", input: "n h w c", output: "n h w c" }, { ...pool, strides: 1 }),
  ...each("MaxPool3DGrad AvgPool3DGrad", { dy: "n d h w c", input: "n d h w c" }, { ...pool, strides: 1 }),
  ...each("MaxPoolWithArgmax", { x: "n h w c" }, { ...pool, includeBatchInIndex: false }),
  ...each("FusedBatchNorm", { x: "n c", mean: "c", variance: "c", offset: "c", scale: "c" }, { varianceEpsilon: 4 }),
  ...each("LRN", { x: "n h w c" }, response),
  ...each("LRNGrad", { x: "n h w c", y: "n h w c", dy: "n h w c" }, response),
  sample("ResizeBilinear", { images: "n 4 5 c" }, ({ h, w }) => ({ ...resize, size: [h, w] })),
  sample("ResizeNearestNeighbor", { images: "n 4 5 c" }, ({ h, w }) => ({ ...resize, size: [h, w] })),
  ...each("ResizeBilinearGrad ResizeNearestNeighborGrad", { images: "n 4 4 c", dy: "n h w c" }, resize),
  ...each(
    "CropAndResize",
    { image: "n 4 5 c", boxes: "b 4", boxInd: "int32 b" },
    { cropSize: [2, 2], method: "bilinear", extrapolationValue: 0 },
  ),
  ...each("FlipLeftRight", { image: "n h w c" }),
  ...each("RotateWithOffset", { image: "n h w c" }, { radians: 1, fillValue: 0, center: 0.5 }),
];

export const samples: readonly Sample[] = [
  ...ELEMENTWISE,
  ...REDUCTIONS,
  ...SHAPING,
  ...PLACES,
  ...PRODUCTS,
  ...IMAGES,
];

/** The letters that a sample's inputs have, and those that its attributes look at. */
export function lettersOf({ inputs, attributes }: Sample): string[] {
  const found = new Set(Object.values(inputs).flatMap((axes) => axes.match(/\b[a-z]\b/g) ?? []));
  const watched = new Proxy(LENGTHS, {
    get: (lengths, letter: string) => {
      found.add(letter);
      return lengths[letter];
    },
  });
  attributes(watched);
  return [...found];
}

export function callOf({ kernel, inputs, attributes }: Sample, lengths: Lengths): Call {
  const all = { ...LENGTHS, ...lengths };
  const made = Object.entries(inputs).map(([name, axes], i) => [name, valuesOf(axes, all, i)] as const);
  return { kernel, inputs: Object.fromEntries(made), attributes: attributes(all) };
}

/** Whole numbers are 0: a place that is there, wherever something is. */
function valuesOf(axes: string, lengths: Lengths, seed: number): Numbers {
  const words = axes.split(" ").filter((word) => word !== "");
  const type = words[0] === "int32" || words[0] === "bool" ? words.shift() : "float32";
  const { shape, values } = numbers(
    words.map((word) => lengths[word] ?? Number(word)),
    seed,
  );
  if (type === "int32") return { shape, values: new Int32Array(values.length) };
  return type === "bool" ? { shape, values: Uint8Array.from(values, (value) => Number(value > 0)) } : { shape, values };
}
