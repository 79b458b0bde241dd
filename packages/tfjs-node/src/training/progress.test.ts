import { layers, sequential, tensor2d } from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { ProgbarLogger } from "./progress.js";
import { shortNumber } from "./short-number.js";

function written() {
  const text: string[] = [];
  return { text, stream: { write: (chunk: string | Uint8Array) => text.push(String(chunk)) > 0 } };
}

async function fit(logger: ProgbarLogger): Promise<void> {
  const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1], kernelInitializer: "ones" })] });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  const [x, y] = [tensor2d([[1], [2], [3], [4]]), tensor2d([[1], [2], [3], [4]])]; // biome-ignore format: matrices
  await model.fit(x, y, { epochs: 2, batchSize: 2, verbose: 0, callbacks: logger });
}

test("a line begins an epoch, a line tells its time and losses", async () => {
  const out = written();
  const screen = written();
  await fit(new ProgbarLogger(out.stream, { ...screen.stream, isTTY: false as never, columns: 80 }));
  const lines = out.text.join("").split("\n");
  expect(lines).toHaveLength(5);
  expect(lines[0]).toBe("Epoch 1 / 2");
  expect(lines[1]).toMatch(/^\d+ms \d+us\/step - loss=0\.00 $/);
  expect(lines[2]).toBe("Epoch 2 / 2");
  expect(screen.text).toEqual([]);
});

test("where there is a terminal a bar grows, and is gone at the end", async () => {
  const screen = written();
  await fit(new ProgbarLogger(written().stream, { ...screen.stream, isTTY: true as never, columns: 80 }));
  expect(screen.text.some((text) => /eta=\d+\.\d =+>-+ loss=0\.00/.test(text))).toBe(true);
  expect(screen.text.at(-1)).toBe("\r\x1b[K");
});

// The numbers that tfjs-node 4.22's getSuccinctNumberDisplay gives, by its rule worked on paper.
test.each([
  [0, "0.00"],
  [1, "1.00"],
  [12.345, "12.35"],
  [-3, "-3.00"],
  [0.5, "0.500"],
  [0.0123, "0.0123"],
  [0.00123, "1.23e-3"],
  [Number.NaN, "NaN"],
  [Number.POSITIVE_INFINITY, "Infinity"],
])("%d is %s", (value, text) => {
  expect(shortNumber(value)).toBe(text);
});
