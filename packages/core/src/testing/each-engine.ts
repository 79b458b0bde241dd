/**
 * Tests that hold by whatever means is computed.
 */
import { afterAll, beforeAll, describe } from "vitest";
import { chooseEngine, type EngineOptions } from "../engine/engine.js";
import { useTestBackend } from "./backend.js";

const engines: Readonly<Record<string, EngineOptions>> = {
  "the kernels": { engine: "onnx" },
  "ONNX Runtime's own operators": { engine: "onnx", kernels: false },
  "TensorFlow.js's CPU backend": { engine: "cpu" },
};

/** Declares the tests once for each way to compute. */
export function onEachEngine(declare: () => void): void {
  for (const [name, options] of Object.entries(engines)) {
    describe(`by ${name}`, () => {
      beforeAll(async () => void (await chooseEngine(options)));
      afterAll(async () => void (await useTestBackend()));
      declare();
    });
  }
}
