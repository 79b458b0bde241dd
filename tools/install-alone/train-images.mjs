// Copied into an empty folder by install-alone.test.ts: SimCLR on made-up images, by the public API alone.
import { chooseEngine, createRandom, loader, namedVariables, sgd, train } from "@autodidact/core";
import { resnet18, simclr, simclrCifar10 } from "@autodidact/vision";

const { kernels } = await chooseEngine({ engine: "onnx" });
const random = createRandom(1);
const encoder = resnet18({ width: 8, stem: "cifar", random: random.split("encoder") });
const method = simclr(encoder, simclrCifar10({ size: 16 }), random.split("projector"), { temperature: 0.5 });

const images = Array.from({ length: 24 }, (_, n) => ({
  id: `made up ${n}`,
  pixels: Uint8Array.from(random.uniforms(16 * 16 * 3, 0, 256)),
  height: 16,
  width: 16,
  channels: 3,
}));
/** @param {number} index */
const get = async (index) => images[index];

const training = train({
  method,
  loader: loader({ length: images.length, get }, { batchSize: 8, random }),
  optimizer: sgd(namedVariables(method.learned, "parameters")),
  learningRate: 0.05,
  steps: 3,
  random,
});
const losses = [];
for await (const { loss } of training) losses.push(loss);
training.dispose();
process.stdout.write(`${JSON.stringify({ losses, kernels })}\n`);
