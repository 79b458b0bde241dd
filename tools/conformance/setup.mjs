// An entry of the bundle (bundle.ts): what tfjs-core's own setup_test.ts does before it loads the tests.
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";

export { engine } from "@tensorflow/tfjs-core/dist/index.js";
export { setTestEnvs } from "@tensorflow/tfjs-core/dist/jasmine_util.js";
