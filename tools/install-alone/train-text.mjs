// Copied into an empty folder by install-alone.test.ts: a tokenizer and masked words on made-up text, by the public API alone.
import { adamW, chooseEngine, createRandom, loader, namedVariables, train } from "@autodidact/core";
import { bertConfig, bertForMaskedLM, createTokenizer, maskedLm, trainWordPiece } from "@autodidact/text";

await chooseEngine({ engine: "onnx" });
const random = createRandom(1);
const words = ["the", "cat", "sat", "on", "a", "mat", "and", "slept"];
const texts = Array.from({ length: 24 }, () => Array.from({ length: 14 }, () => words[random.integer(8)]).join(" "));
const tokenizer = createTokenizer(await trainWordPiece(texts, { vocabularySize: 60 }));
const config = bertConfig("tiny", { vocab_size: tokenizer.vocabularySize, max_position_embeddings: 32 });
const method = maskedLm(bertForMaskedLM(config, random.split("model")), tokenizer);
/** @param {number} index */
const get = async (index) => ({ ids: tokenizer.encode(texts[index] ?? "").subarray(0, 30) });

const training = train({
  method,
  loader: loader({ length: texts.length, get }, { batchSize: 8, random: random.split("data") }),
  optimizer: adamW(namedVariables(method.learned, "parameters")),
  learningRate: 1e-3,
  steps: 3,
  random: random.split("masks"),
});
const losses = [];
for await (const { loss } of training) losses.push(loss);
training.dispose();
process.stdout.write(`${JSON.stringify({ losses })}\n`);
