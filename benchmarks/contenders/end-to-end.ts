/**
 * The child process that pretrains SimCLR from image files as `autodidact pretrain simclr` does: read, decode, draw, augment, train.
 */
import { chooseEngine, createRandom, loader, namedVariables, sgd, train } from "@autodidact/core";
import type { OnnxBackend } from "@autodidact/tfjs-backend-onnx";
import { openImages, resnet18, simclr, simclrImagenet } from "@autodidact/vision";
import { engine } from "@tensorflow/tfjs-core";
import { serve } from "../harness/serve.js";

const SIDE = 32;

await serve(async ({ threads, size, data }) => {
  const { width, images } = size as { width: number; images: number };
  const { version } = await chooseEngine({ engine: "onnx", threads });
  const random = createRandom(0);
  const augment = simclrImagenet({ size: SIDE, blurProbability: 0 }); // as lightly's transform
  const method = simclr(resnet18({ width, stem: "cifar", random }), augment, random, { temperature: 0.5 });
  const files = await openImages(data!, { size: SIDE, channels: 3 });
  const training = train({
    method,
    loader: loader(files, { batchSize: images, random: random.split("data") }),
    optimizer: sgd(namedVariables(method.learned, "parameters"), { momentum: 0.9 }),
    learningRate: 0.06,
    steps: 1_000_000, // the bench stops before
    random,
  });
  const step = async (): Promise<number> => {
    const { value } = await training.next();
    return value!.loss;
  };
  return { version, step, engine: () => (engine().backend as OnnxBackend).stats() };
});
