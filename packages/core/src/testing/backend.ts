/**
 * The TensorFlow.js backend that tests run on: `cpu`, the reference, unless AUTODIDACT_TEST_ENGINE names another.
 */
import { afterAll, beforeAll, describe } from "vitest";
import { chooseEngine, type EngineDescription, type EngineName, type EngineOptions } from "../engine.js";

export function useTestBackend(): Promise<EngineDescription> {
  return chooseEngine({ engine: (process.env.AUTODIDACT_TEST_ENGINE ?? "cpu") as EngineName });
}

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
