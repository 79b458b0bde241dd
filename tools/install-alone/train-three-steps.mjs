// Copied into an empty folder by install-alone.test.ts: SimCLR on made-up images, by the public API alone.
import { chooseEngine, compileStep, createRandom, gradientsOf, namedVariables, sgd, training } from "@autodidact/core";
import { resnet18, simclr, simclrCifar10 } from "@autodidact/vision";
import { scalar } from "@tensorflow/tfjs-core";

await chooseEngine({ engine: "onnx" });
const random = createRandom(1);
const encoder = resnet18({ width: 8, stem: "cifar", random: random.split("encoder") });
const method = simclr(encoder, simclrCifar10({ size: 16 }), random.split("projector"), { temperature: 0.5 });

const images = Array.from({ length: 8 }, (_, n) => ({
  id: `made up ${n}`,
  pixels: Uint8Array.from(random.uniforms(16 * 16 * 3, 0, 256)),
  height: 16,
  width: 16,
  channels: 3,
}));

const parameters = namedVariables(method.learned, "parameters");
const optimizer = sgd(parameters);
const step = compileStep(({ batch, learningRate }) => {
  const { loss, gradients } = gradientsOf(() => training(() => method.loss(batch)), parameters);
  optimizer.step(gradients, learningRate);
  return { loss };
});

const losses = [];
for (let i = 0; i < 3; i++) {
  const batch = method.draw(images, random);
  const { loss } = await step({ batch, learningRate: scalar(0.05) });
  losses.push((await loss.data())[0]);
}
process.stdout.write(`${JSON.stringify(losses)}\n`);
