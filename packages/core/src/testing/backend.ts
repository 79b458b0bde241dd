/**
 * The TensorFlow.js backend that tests run on: `cpu`, the reference, unless AUTODIDACT_TEST_ENGINE names another.
 */
import { chooseEngine, type EngineDescription, type EngineName } from "../engine/engine.js";

export function useTestBackend(): Promise<EngineDescription> {
  return chooseEngine({ engine: (process.env.AUTODIDACT_TEST_ENGINE ?? "cpu") as EngineName });
}
