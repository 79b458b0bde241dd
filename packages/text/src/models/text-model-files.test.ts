import { readdir, readFile } from "node:fs/promises";
import { createRandom, readSafetensors, type StoredTensor, storeFloats, writeSafetensors } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { tensor2d, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { expectClose } from "../testing/oracle.js";
import { smallBert, smallGpt2 } from "../testing/small-models.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { bertForMaskedLM, bertForPreTraining } from "./bert.js";
import { gpt2LMHeadModel } from "./gpt2.js";
import type { TextModel } from "./text-encoder.js";
import { loadTextModel, saveTextModel } from "./text-model-files.js";
import { isCausalModel, isPairModel } from "./text-model-from-config.js";

const saved = (name: string) => new URL(`../oracles/${name}`, import.meta.url).pathname;
const random = () => createRandom(1);
const here = useTemporaryFolder();

beforeAll(useTestBackend);

/** States as transformers computed them for the folder. */
async function expectStates(model: TextModel, name: string): Promise<void> {
  const { ids, states } = JSON.parse(await readFile(`${saved(name)}/expected.json`, "utf8"));
  tidy(() => {
    const found = model.encoder.hiddenStates({ ids: tensor2d(ids, undefined, "int32") });
    expectClose(found, states, 1e-4, name);
  });
}

type Renaming = (name: string) => string | undefined;

/** A folder of transformers with its tensors named as older versions, or other classes, name them. */
async function rewritten(name: string, rename: Renaming, more: Record<string, StoredTensor> = {}): Promise<string> {
  const { tensors } = await readSafetensors(`${saved(name)}/model.safetensors`);
  const renamed = [...tensors].flatMap(([old, tensor]) => {
    const now = rename(old);
    return now === undefined ? [] : [[now, tensor] as const];
  });
  const folder = `${name}-${createRandom(renamed.length).integer(1e9)}-${Object.keys(more).length}`;
  await here.write(`${folder}/config.json`, await readFile(`${saved(name)}/config.json`));
  await writeSafetensors(here.path(`${folder}/model.safetensors`), [...renamed, ...Object.entries(more)]);
  return here.path(folder);
}

const numbers = (...shape: number[]) => storeFloats(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);

describe("loadTextModel", () => {
  it.each(["saved-bert", "saved-albert", "saved-gpt2"])("reads what transformers saved: %s", async (name) => {
    const { model, fresh, unused } = await loadTextModel(saved(name), random());
    expect({ fresh, unused }).toEqual({ fresh: [], unused: [] });
    expect([isPairModel(model), isCausalModel(model)]).toEqual(name === "saved-gpt2" ? [false, true] : [true, false]);
    await expectStates(model, name);
  });

  it.each([
    ["saved-bert", "bert"],
    ["saved-albert", "albert"],
  ])("reads an encoder saved alone, and tells that the heads are new: %s", async (name, prefix) => {
    const isKept = (old: string) => old.startsWith(`${prefix}.`) && !old.includes("pooler");
    const folder = await rewritten(name, (old) => (isKept(old) ? old.slice(prefix.length + 1) : undefined));
    const { model, fresh, unused } = await loadTextModel(folder, random());
    expect(fresh.filter((of) => of.includes("pooler"))).toHaveLength(2);
    expect([fresh.length, unused]).toEqual([9, []]); // two of the pooler, two of the relation, five of the words
    await expectStates(model, name);
  });

  it("reads GPT-2 as OpenAI's files have it: no prefix, tables of the causal mask, the head stored again", async () => {
    const folder = await rewritten("saved-gpt2", (old) => old.replace("transformer.", ""), {
      "h.0.attn.bias": numbers(1, 1, 12, 12),
      "h.1.attn.masked_bias": numbers(1),
      "lm_head.weight": numbers(19, 8),
    });
    const { model, fresh, unused } = await loadTextModel(folder, random());
    expect({ fresh, unused }).toEqual({ fresh: [], unused: [] });
    await expectStates(model, "saved-gpt2");
  });

  it("reads BERT as old versions wrote it: gamma and beta, places, the decoder stored again", async () => {
    const old: Renaming = (name) =>
      name.replace(/LayerNorm\.weight$/, "LayerNorm.gamma").replace(/LayerNorm\.bias$/, "LayerNorm.beta");
    const folder = await rewritten("saved-bert", old, {
      "bert.embeddings.position_ids": numbers(1, 24),
      "cls.predictions.decoder.weight": numbers(19, 8),
      "cls.predictions.decoder.bias": numbers(19),
    });
    const { model, fresh, unused } = await loadTextModel(folder, random());
    expect({ fresh, unused }).toEqual({ fresh: [], unused: [] });
    await expectStates(model, "saved-bert");
  });

  it("builds the heads asked for, and tells which of the folder's it leaves", async () => {
    const { model, fresh, unused } = await loadTextModel(saved("saved-bert"), random(), { heads: "tokens" });
    expect([isPairModel(model), fresh]).toEqual([false, []]);
    expect([...unused].sort()).toEqual([
      "bert.pooler.dense.bias",
      "bert.pooler.dense.weight",
      "cls.seq_relationship.bias",
      "cls.seq_relationship.weight",
    ]);
    expect(model.config.architectures).toEqual(["BertForMaskedLM"]);
  });

  it("says what is wrong with a folder", async () => {
    const incomplete = await rewritten("saved-bert", (old) => (old.includes("layer.1.output") ? undefined : old));
    await expect(loadTextModel(incomplete, random())).rejects.toThrow(
      "Missing: bert.encoder.layer.1.output.dense.weight and 3 more; not described: none.",
    );
    const deeper = await rewritten("saved-bert", (old) => old, {
      "bert.encoder.layer.2.output.dense.bias": numbers(8),
    });
    await expect(loadTextModel(deeper, random())).rejects.toThrow(
      "not described: bert.encoder.layer.2.output.dense.bias",
    );
    await here.write("roberta/config.json", JSON.stringify({ model_type: "roberta" }));
    await expect(loadTextModel(here.path("roberta"), random())).rejects.toThrow(
      'model_type must be bert, albert or gpt2, got "roberta"',
    );
    await here.write("relative/config.json", '{"model_type":"bert","position_embedding_type":"relative_key"}');
    await expect(loadTextModel(here.path("relative"), random())).rejects.toThrow("position_embedding_type");
    await here.write("broken/config.json", "{");
    await expect(loadTextModel(here.path("broken"), random())).rejects.toThrow("must be JSON, and is not");
    await expect(loadTextModel(here.path("nowhere"), random())).rejects.toThrow("must hold a config.json");
    await here.write("pickled/config.json", await readFile(`${saved("saved-bert")}/config.json`));
    await expect(loadTextModel(here.path("pickled"), random())).rejects.toThrow("must hold a model.safetensors");
    await expect(loadTextModel(saved("saved-gpt2"), random(), { heads: "pairs" })).rejects.toThrow("no head for pairs");
  });
});

describe("saveTextModel", () => {
  it.each([
    ["BERT", () => bertForPreTraining(smallBert, random())],
    ["BERT for masked words", () => bertForMaskedLM(smallBert, random())],
    ["GPT-2", () => gpt2LMHeadModel(smallGpt2, random())],
  ])("writes what loadTextModel reads: %s", async (name, make) => {
    const model = make();
    const tokenizer = { "tokenizer.json": { version: "1.0" }, "tokenizer_config.json": { model_max_length: 16 } };
    const folder = here.path(name.replaceAll(" ", "-"));
    await saveTextModel(model, tokenizer, folder);
    expect((await readdir(folder)).sort()).toEqual([
      "SHA256SUMS",
      "config.json",
      "model.safetensors",
      "tokenizer.json",
      "tokenizer_config.json",
    ]);
    const { model: again, fresh, unused } = await loadTextModel(folder, createRandom(9));
    expect({ fresh, unused, config: again.config }).toEqual({ fresh: [], unused: [], config: model.config });
    const values = ({ parameters }: TextModel) => Object.entries(parameters).map(([key, v]) => [key, v.dataSync()]);
    expect(values(again)).toEqual(values(model));
  });
});
