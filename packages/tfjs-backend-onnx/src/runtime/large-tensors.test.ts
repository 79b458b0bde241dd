import * as tf from "@tensorflow/tfjs-core";
import koffi from "koffi";
import { expect, test } from "vitest";
import { useOnnx } from "../use-onnx.js";
import { NativeMemory } from "./native-memory.js";

test("memory beyond two gigabytes is one piece for JavaScript and for native code", () => {
  const bytes = 2 ** 31 + 64;
  const memory = new NativeMemory(bytes); // what nobody touches takes no room
  expect(memory.view.byteLength).toBe(bytes);
  expect(memory.pointer % 64n).toBe(0n);
  new Uint8Array(memory.view, bytes - 2).set([7, 9]);
  expect(koffi.decode(memory.pointer + BigInt(bytes - 1), "uint8_t")).toBe(9);
  memory.free();
});

test("a tensor that no memory holds is refused with its type, shape and size, and nothing else fails", async () => {
  const backend = await useOnnx({ threads: 1, spin: false });
  const x = tf.tensor1d([1, 2, 3]);
  const before = backend.stats().bytes.lent;
  const huge = tf.tile(x, [2 ** 50]);
  const sum = tf.add(x, 1);
  expect(() => huge.dataSync()).toThrow(
    "there must be memory for a tensor float32 [3377699720527872], which takes 13510798.9 GB, and there is none",
  );
  expect([...sum.dataSync()]).toEqual([2, 3, 4]);
  tf.dispose([huge, sum]);
  expect(backend.stats().bytes.lent).toBe(before);
});
