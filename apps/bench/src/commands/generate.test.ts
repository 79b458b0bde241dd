/** `generate` and `fill-mask` on small models with new weights. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, readSafetensors, writeSafetensors } from "@autodidact/core";
import {
  bertConfig,
  bertForMaskedLM,
  createTokenizer,
  gpt2Config,
  gpt2LMHeadModel,
  saveTextModel,
  trainByteBpe,
  trainWordPiece,
} from "@autodidact/text";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runHere } from "../../tests/run-here.js";

const engine = ["--engine", process.env.AUTODIDACT_TEST_ENGINE ?? "onnx"];
const texts = ["the rain in the town, and the sun on the hill. the end."];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  const byteBpe = createTokenizer(await trainByteBpe(texts, { vocabularySize: 280 }));
  const gpt2 = gpt2Config("tiny", {
    n_embd: 8,
    n_layer: 1,
    n_head: 2,
    n_positions: 32,
    vocab_size: byteBpe.vocabularySize,
  });
  await saveTextModel(gpt2LMHeadModel(gpt2, createRandom(1)), byteBpe.files, join(folder, "gpt2"));
  const wordPiece = createTokenizer(await trainWordPiece(texts, { vocabularySize: 60 }));
  const bert = bertConfig("tiny", {
    hidden_size: 8,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 16,
    max_position_embeddings: 32,
    vocab_size: wordPiece.vocabularySize,
  });
  await saveTextModel(bertForMaskedLM(bert, createRandom(1)), wordPiece.files, join(folder, "bert"));
});
afterAll(() => rm(folder, { recursive: true }));

const generate = (...args: string[]) =>
  runHere(["generate", join(folder, "gpt2"), "--prompt", "the rain", "--max-tokens", "12", ...args, ...engine]);

describe("generate", () => {
  it("writes several texts, the first that of one", async () => {
    const [one, three] = [await generate(), await generate("--samples", "3")];
    const texts = three.output.split(/\n?--- \d of 3\n/).slice(1);
    expect(texts).toHaveLength(3);
    expect(texts[0]!.trimEnd()).toBe(one.output.trimEnd());
    expect(new Set(texts).size).toBe(3);
  });

  it("ends with a stop string, and repeats less under a penalty", async () => {
    const greedy = (await generate("--temperature", "0")).output;
    const written = greedy.slice("the rain".length).trimEnd();
    const stop = written.slice(0, 2);
    const stopped = (await generate("--temperature", "0", "--stop", JSON.stringify(["never there", stop]))).output;
    expect(stopped.length).toBeLessThan(greedy.length);
    expect(stopped).toContain(stop);
    expect((await generate("--temperature", "0", "--repetition-penalty", "9")).output).not.toBe(greedy);
  });

  it.each([
    [["--samples", "2", "--temperature", "0"], "--samples needs a --temperature above 0"],
    [["--stop", "[3]"], "--stop must be a string with a character, or a JSON list of such"],
  ])("refuses %j", async (args, message) => {
    expect((await generate(...args)).error).toMatchObject({
      name: "UsageError",
      message: expect.stringContaining(message),
    });
  });
});

it("fill-mask refuses a head that the folder does not have, and names it", async () => {
  const path = join(folder, "bert", "model.safetensors");
  const { tensors } = await readSafetensors(path);
  await writeSafetensors(
    path,
    [...tensors].filter(([name]) => name.startsWith("bert.")),
  );
  await rm(join(folder, "bert", "SHA256SUMS")); // it was changed on purpose
  const { error } = await runHere(["fill-mask", join(folder, "bert"), "the [MASK]", ...engine]);
  expect(error?.message).toContain("its folder has the encoder alone: cls.predictions.bias and 4 more missing");
});
