// Copied into an empty folder by install-speech-alone.test.ts: masked frames on made-up recordings, by the public API alone.
import { adamW, chooseEngine, createRandom, loader, namedVariables, train } from "@autodidact/core";
import { encoderFrontEnd, frameTransformer, maskedFrames } from "@autodidact/speech";

const sampleRate = 8000;
const recordings = Array.from({ length: 32 }, (_, n) => ({
  id: `hum ${n}`,
  sampleRate,
  samples: Float32Array.from(
    { length: 4000 },
    (_, i) => 0.3 * Math.sin((100 + 20 * n) * i * 8e-4) * Math.cos(n + 0.002 * i),
  ),
}));

await chooseEngine({ engine: "onnx" });
const random = createRandom(1);
const encoder = frameTransformer({
  frontEnd: encoderFrontEnd({ sampleRate }),
  width: 32,
  layers: 1,
  random: random.split("encoder"),
});
const method = maskedFrames(encoder, random.split("method"), { cropSeconds: 0.4 });

const training = train({
  method,
  loader: loader(
    { length: recordings.length, get: async (/** @type {number} */ index) => recordings[index] },
    { batchSize: 8, random: random.split("data") },
  ),
  optimizer: adamW(namedVariables(method.learned, "parameters"), { weightDecay: 0.01 }),
  learningRate: 1e-3,
  steps: 3,
  random: random.split("masks"),
});

const losses = [];
for await (const { loss } of training) losses.push(loss);
training.dispose();
process.stdout.write(`${JSON.stringify({ losses })}\n`);
