/**
 * Floating-point operations of one call of a kernel, by its name and shapes alone.
 *
 * A multiply-add of a product or a convolution is two, so that the 1.8 GMACs of a ResNet-18 are 3.6 GFLOPs. All else is one an element: of the
 * result where elements are computed each by itself, of the input where they are summed or compared; moving, copying and looking up is none.
 */
export interface Shaped {
  readonly shape: readonly number[];
}

export interface KernelCall {
  readonly kernel: string;
  /** By the kernel's names of them, or by their places; optional ones may be undefined. */
  readonly inputs: Readonly<Record<string, Shaped | null | undefined>>;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly outputs: readonly Shaped[];
}

export interface KernelFlops {
  readonly products: number;
  readonly elements: number;
}

/** Undefined of a kernel that has no rule here. */
export function kernelFlops(call: KernelCall): KernelFlops | undefined {
  const { kernel } = call;
  const rule = RULES.get(kernel);
  if (rule !== undefined) return rule(call);
  if (ELEMENTWISE.has(kernel)) return elements(resultSize(call));
  if (REDUCTIONS.has(kernel)) return elements(sizeOf(firstOf(call)));
  return MOVES.has(kernel) ? elements(0) : undefined;
}

const sizeOf = ({ shape }: Shaped) => shape.reduce((size, length) => size * length, 1);
const resultSize = ({ outputs }: KernelCall) => sizeOf(outputs[0]!);
const operandsOf = ({ inputs }: KernelCall) => Object.values(inputs).filter((input) => input != null);
const firstOf = (call: KernelCall) => operandsOf(call)[0]!;
const elements = (count: number): KernelFlops => ({ products: 0, elements: count });

/** `multiplyAdds` for each element of the result. */
function product(call: KernelCall, multiplyAdds: number): KernelFlops {
  const { inputs, attributes } = call;
  const size = resultSize(call);
  const isActivated = attributes.activation != null && attributes.activation !== "linear";
  return { products: 2 * size * multiplyAdds, elements: (inputs.bias ? size : 0) + (isActivated ? size : 0) };
}

/** a [.., M, K] or, transposed, [.., K, M]. */
function matMul(call: KernelCall): KernelFlops {
  const { shape } = call.inputs.a!;
  return product(call, shape.at(call.attributes.transposeA ? -2 : -1)!);
}

/** filter [.., I, O]: each result sums over all of it but O. */
function convolution(call: KernelCall): KernelFlops {
  const filter = call.inputs.filter!;
  return product(call, sizeOf(filter) / filter.shape.at(-1)!);
}

/** filter [h, w, C, results a channel]: each result sums over one channel. */
function depthwise(call: KernelCall): KernelFlops {
  const [height, width] = call.inputs.filter!.shape;
  return product(call, height! * width!);
}

/** filter [.., I, O] and dy [.., O]: each element of dy is spread over all of the filter but O. */
function transposedConvolution({ inputs }: KernelCall): KernelFlops {
  const filter = inputs.filter!;
  return { products: (2 * sizeOf(inputs.dy!) * sizeOf(filter)) / filter.shape.at(-1)!, elements: 0 };
}

/** A multiplication for each further operand and, where a letter is summed over, an addition, at every place of all letters together. */
function einsum(call: KernelCall): KernelFlops {
  const [given, result] = (call.attributes.equation as string).replaceAll(" ", "").split("->") as [string, string];
  const operands = operandsOf(call);
  const lengths = new Map<string, number>();
  for (const [place, letters] of given.split(",").entries())
    for (const [axis, letter] of [...letters].entries()) lengths.set(letter, operands[place]!.shape[axis]!);
  const isSummed = [...lengths.keys()].some((letter) => !result.includes(letter));
  const places = [...lengths.values()].reduce((all, length) => all * length, 1);
  const count = places * (operands.length - 1 + (isSummed ? 1 : 0));
  return operands.length > 1 && isSummed ? { products: count, elements: 0 } : elements(count);
}

/**
 * The engine's own, as `composedAttention`: q scaled, q kᵀ, a softmax, its product with v. What hides positions counts once a score, and once more where
 * both a mask and causality do.
 */
function attention({ inputs, attributes }: KernelCall): KernelFlops {
  const { q, k, v, mask } = inputs;
  const scores = (sizeOf(q!) / q!.shape[3]!) * k!.shape[2]!; // B heads T S
  const hidings = (mask ? 1 : 0) + (attributes.causal ? 1 : 0);
  return {
    products: 2 * scores * (q!.shape[3]! + v!.shape[3]!),
    elements: sizeOf(q!) + (SOFTMAX + hidings) * scores,
  };
}

/** Each result looks at a whole window; `filterSize` is one number or one an axis. */
function pool(axes: number) {
  return (call: KernelCall): KernelFlops => {
    const sides = [call.attributes.filterSize as number | number[]].flat();
    const window = sides.length === 1 ? sides[0]! ** axes : sides.reduce((size, side) => size * side, 1);
    return elements(resultSize(call) * window);
  };
}

/** So many for each element of the result. */
const each = (count: number) => (call: KernelCall) => elements(count * resultSize(call));

/** The largest is found and subtracted, exp is taken and summed, and all is divided by the sum. */
const SOFTMAX = 5;

const RULES: ReadonlyMap<string, (call: KernelCall) => KernelFlops> = new Map([
  ["BatchMatMul", matMul],
  ["_FusedMatMul", matMul],
  ["Conv2D", convolution],
  ["FusedConv2D", convolution],
  ["Conv3D", convolution],
  ["DepthwiseConv2dNative", depthwise],
  ["FusedDepthwiseConv2D", depthwise],
  ["Conv2DBackpropInput", transposedConvolution],
  ["Conv3DBackpropInputV2", transposedConvolution],
  ["Einsum", einsum],
  ["ScaledDotProductAttention", attention],
  ["Softmax", each(SOFTMAX)],
  ["LogSoftmax", each(SOFTMAX)],
  ["FusedBatchNorm", each(4)], // (x − mean) · 1 / √variance · scale + offset
  ["ResizeBilinear", each(9)], // three interpolations a + (b − a) t
  ["MaxPool", pool(2)],
  ["AvgPool", pool(2)],
  ["MaxPool3D", pool(3)],
  ["AvgPool3D", pool(3)],
  ["AddN", (call) => elements((operandsOf(call).length - 1) * resultSize(call))],
]);

const named = (names: string): ReadonlySet<string> => new Set(names.split(" "));

const ELEMENTWISE = named(
  "Abs Acos Acosh Add Asin Asinh Atan Atan2 Atanh Ceil ClipByValue Cos Cosh Elu Equal Erf Exp Expm1 Floor FloorDiv Greater GreaterEqual IsFinite IsInf " +
    "IsNan LeakyRelu Less LessEqual Log Log1p LogicalAnd LogicalNot LogicalOr LogicalXor Maximum Minimum Mod Multiply Neg NotEqual Pow Prelu RealDiv " +
    "Reciprocal Relu Relu6 Round Rsqrt Select Selu Sigmoid Sign Sin Sinh Softplus Sqrt Square SquaredDifference Step Sub Tan Tanh",
);

const REDUCTIONS = named("All Any ArgMax ArgMin Cumprod Cumsum Max Mean Min Prod Sum UnsortedSegmentSum");

const MOVES = named(
  "BatchToSpaceND BroadcastArgs BroadcastTo Bytes Cast Concat DepthToSpace Diag ExpandDims Fill FlipLeftRight GatherNd GatherV2 Identity LinSpace MirrorPad " +
    "OneHot OnesLike Pack PadV2 Range Reshape ResizeNearestNeighbor Reverse ScatterNd Slice SpaceToBatchND SplitV StridedSlice TensorScatterUpdate Tile " +
    "Transpose Unpack ZerosLike",
);
