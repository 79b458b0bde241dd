import { beforeEach, expect, test } from "vitest";
import { GraphBuilder } from "./graph-builder.js";
import type { Value } from "./value.js";
import { joinedView, viewOf, wholeView } from "./view.js";

let graph: GraphBuilder;
let x: Value;

beforeEach(() => {
  graph = new GraphBuilder();
  x = graph.input({ shape: [2, 3, 8], type: "float32" });
});

const placed = (value: Value) => {
  const { shape, steps, offset } = viewOf(value);
  return { shape, steps, offset };
};

test("transposes permute steps, slices and splits move the start", () => {
  const turned = graph.transpose(x, [2, 0, 1]);
  expect(placed(turned)).toEqual({ shape: [8, 2, 3], steps: [1, 24, 8], offset: 0 });
  const part = graph.slice(turned, [2, 0, 1], [3, 2, 2], [2, 1, 1]);
  expect(placed(part)).toEqual({ shape: [3, 2, 2], steps: [2, 24, 8], offset: 10 });
  const type = { shape: [2, 3, 4], type: "float32" } as const;
  const [, second] = graph.op("Split", [x, graph.shapeConstant([4, 4])], { axis: 2 }, [type, type]);
  expect(placed(second!)).toEqual({ shape: [2, 3, 4], steps: [24, 8, 1], offset: 4 });
});

test("a reshape cuts and joins what lies as one", () => {
  const half = graph.slice(x, [0, 0, 4], [2, 3, 4]);
  expect(placed(graph.reshape(half, [6, 2, 2]))).toEqual({ shape: [6, 2, 2], steps: [8, 2, 1], offset: 4 });
  expect(placed(graph.reshape(half, [1, 2, 1, 3, 4]))).toMatchObject({ steps: [0, 24, 0, 8, 1], offset: 4 });
  const flat = graph.reshape(half, [24]); // rows of 4 with gaps are not one row
  expect(viewOf(flat).source).toBe(flat);
});

test("pieces joined in their order are what they were cut from, in any order of axes", () => {
  const cut = (begin: number) =>
    graph.transpose(graph.reshape(graph.slice(x, [0, 0, begin], [2, 3, 4]), [2, 3, 2, 2]), [0, 2, 1, 3]);
  const back = (value: Value) => graph.reshape(graph.transpose(value, [0, 2, 1, 3]), [2, 3, 4]);
  expect(graph.concat([back(cut(0)), back(cut(4))], 2)).toBe(x);
  expect(graph.concat([back(cut(4)), back(cut(0))], 2).node!.type).toBe("Concat");
  expect(graph.concat([back(cut(0)), back(cut(0))], 2).node!.type).toBe("Concat");
  expect(graph.concat([x, x], 0).node!.type).toBe("Concat");
  const turned = [0, 4].map((begin) => graph.transpose(graph.slice(x, [0, 0, begin], [2, 3, 4]), [2, 0, 1]));
  expect(joinedView(graph, turned, 0)!.node).toMatchObject({ type: "Transpose", inputs: [x] });
});

test("a view of a part is not the whole", () => {
  expect(wholeView(graph, viewOf(graph.slice(x, [0, 1, 0], [2, 2, 8])))).toBeUndefined();
  expect(wholeView(graph, { ...viewOf(x), steps: [24, 8, 0] })).toBeUndefined();
});
