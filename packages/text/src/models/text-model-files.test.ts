import { readdir, readFile } from "node:fs/promises";
import { createRandom, readSafetensors, type StoredTensor, storeFloats, writeSafetensors } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { tensor2d, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { kindOf } from "../examples/examples-of.js";
import { fillMask } from "../generation/fill-mask.js";
import { measurePerplexity } from "../measure/perplexity.js";
import { memoryCorpus } from "../testing/memory-corpus.js";
import { expectClose } from "../testing/oracle.js";
import { smallBert, smallGpt2 } from "../testing/small-models.js";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { toyTokenizer } from "../testing/toy-tokenizer.js";
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
    await here.write("untied/config.json", '{"model_type":"gpt2","tie_word_embeddings":false}');
    await expect(loadTextModel(here.path("untied"), random())).rejects.toThrow("a head with a table of its own");
    await here.write("broken/config.json", "{");
    await expect(loadTextModel(here.path("broken"), random())).rejects.toThrow("must be JSON, and is not");
    await expect(loadTextModel(here.path("nowhere"), random())).rejects.toThrow("must hold a config.json");
    await here.write("pickled/config.json", await readFile(`${saved("saved-bert")}/config.json`));
    await expect(loadTextModel(here.path("pickled"), random())).rejects.toThrow("must hold a model.safetensors");
    await expect(loadTextModel(saved("saved-gpt2"), random(), { heads: "pairs" })).rejects.toThrow("no head for pairs");
  });
});

describe("loadTextModel, of files that Python's libraries write otherwise", () => {
  const weights = async (name: string) => new Map((await readSafetensors(`${saved(name)}/model.safetensors`)).tensors);
  const config = async (name: string) => JSON.parse(await readFile(`${saved(name)}/config.json`, "utf8"));

  it.each(["saved-bert", "saved-albert", "saved-gpt2"])("reads weights in several files: %s", async (name) => {
    const tensors = [...(await weights(name))];
    const weight_map: Record<string, string> = {};
    await here.write(`sharded-${name}/config.json`, JSON.stringify(await config(name)));
    for (const shard of [0, 1, 2]) {
      const file = `model-0000${shard + 1}-of-00003.safetensors`;
      const own = tensors.filter((_, place) => place % 3 === shard);
      for (const [tensor] of own) weight_map[tensor] = file;
      await writeSafetensors(here.path(`sharded-${name}/${file}`), own);
    }
    await here.write(`sharded-${name}/model.safetensors.index.json`, JSON.stringify({ metadata: {}, weight_map }));
    const { model, fresh, unused } = await loadTextModel(here.path(`sharded-${name}`), random());
    expect({ fresh, unused }).toEqual({ fresh: [], unused: [] });
    await expectStates(model, name);
  });

  it("refuses an index that is not of the files, or names files elsewhere", async () => {
    const folder = here.path("sharded-saved-bert");
    const index = JSON.parse(await readFile(`${folder}/model.safetensors.index.json`, "utf8"));
    const withMap = async (map: object, message: string) => {
      const weight_map = { ...index.weight_map, ...map };
      await here.write("sharded-saved-bert/model.safetensors.index.json", JSON.stringify({ weight_map }));
      await expect(loadTextModel(folder, random())).rejects.toThrow(message);
    };
    await withMap({ a: "../x.safetensors" }, 'beside it, got ["a","../x.safetensors"]');
    await withMap(
      { a: "model-00009-of-00003.safetensors" },
      "lists model-00009-of-00003.safetensors, which is not there",
    );
    await withMap(
      { a: "model-00001-of-00003.safetensors" },
      "says that a is in model-00001-of-00003.safetensors, and it is not",
    );
  });

  it.each([
    ["as save_model says it", { "transformer.wte.weight": "lm_head.weight" }],
    ["without a word", {}],
  ])("reads a table that is stored as the head alone, %s", async (_, metadata) => {
    const tensors = [...(await weights("saved-gpt2"))].map(
      ([name, tensor]) => [name === "transformer.wte.weight" ? "lm_head.weight" : name, tensor] as const,
    );
    await here.write("shared/config.json", JSON.stringify(await config("saved-gpt2")));
    await writeSafetensors(here.path("shared/model.safetensors"), tensors, { format: "pt", ...metadata });
    const { model, fresh, unused } = await loadTextModel(here.path("shared"), random());
    expect({ fresh, unused }).toEqual({ fresh: [], unused: [] });
    await expectStates(model, "saved-gpt2");
  });

  it.each(["module.", "_orig_mod.", "_orig_mod.module."])("reads a wrapped module's names: %s", async (prefix) => {
    const folder = await rewritten("saved-bert", (old) => `${prefix}${old}`);
    const { model, fresh, unused } = await loadTextModel(folder, random());
    expect({ fresh, unused }).toEqual({ fresh: [], unused: [] });
    await expectStates(model, "saved-bert");
  });

  it("reads a table with more rows than the vocabulary has pieces", async () => {
    const tensors = await weights("saved-gpt2");
    const table = tensors.get("transformer.wte.weight")!;
    const [rows, size] = table.shape as [number, number];
    const padded = new Uint8Array((rows + 13) * size * 4);
    padded.set(table.bytes);
    tensors.set("transformer.wte.weight", { ...table, shape: [rows + 13, size], bytes: padded } as StoredTensor);
    await here.write("padded/config.json", JSON.stringify({ ...(await config("saved-gpt2")), vocab_size: rows + 13 }));
    await writeSafetensors(here.path("padded/model.safetensors"), tensors);
    await expectStates((await loadTextModel(here.path("padded"), random())).model, "saved-gpt2");
  });

  it("compares every size in the config with the weights before anything is built", async () => {
    const sizes: [string, object, string][] = [
      ["saved-bert", { hidden_size: 65_536 }, "bert.embeddings.word_embeddings.weight is [19,65536]"],
      ["saved-bert", { max_position_embeddings: 2 ** 30 }, "position_embeddings.weight is [1073741824,8]"],
      ["saved-bert", { intermediate_size: 2 ** 30 }, "layer.0.intermediate.dense.weight is [1073741824,8]"],
      ["saved-bert", { type_vocab_size: 2 ** 30 }, "token_type_embeddings.weight is [1073741824,8]"],
      [
        "saved-bert",
        { num_hidden_layers: 900 },
        "bert.encoder.layer.899.attention.self.query.weight is [8,8], Missing",
      ],
      ["saved-bert", { num_hidden_layers: 2 ** 30 }, "num_hidden_layers"],
      ["saved-albert", { num_hidden_layers: 2 ** 30 }, "num_hidden_layers"],
      ["saved-albert", { embedding_size: 2 ** 30 }, "word_embeddings.weight is [19,1073741824]"],
      ["saved-gpt2", { vocab_size: 2 ** 30 }, "transformer.wte.weight is [1073741824,8]"],
      ["saved-bert", { num_attention_heads: 3 }, "num_attention_heads must divide hidden_size, got 3 for 8"],
      ["saved-gpt2", { n_head: 5 }, "n_head must divide n_embd, got 5 for 8"],
      ["saved-gpt2", { n_inner: 2 ** 30 }, "mlp.c_fc.weight is [8,1073741824]"],
    ];
    for (const [name, changed, message] of sizes) {
      await here.write("hostile/config.json", JSON.stringify({ ...(await config(name)), ...changed }));
      await here.write("hostile/model.safetensors", await readFile(`${saved(name)}/model.safetensors`));
      await expect(loadTextModel(here.path("hostile"), random())).rejects.toThrow(message);
    }
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    "refuses weights that are no numbers, and names the tensor: %s",
    async (value) => {
      const tensors = await weights("saved-gpt2");
      const { shape } = tensors.get("transformer.ln_f.bias")!;
      tensors.set(
        "transformer.ln_f.bias",
        storeFloats(
          Float32Array.from({ length: 8 }, (_, i) => (i === 2 ? value : 0)),
          shape,
        ),
      );
      await here.write("broken/config.json", JSON.stringify(await config("saved-gpt2")));
      await writeSafetensors(here.path("broken/model.safetensors"), tensors);
      await expect(loadTextModel(here.path("broken"), random())).rejects.toThrow(
        `broken/model.safetensors must hold finite numbers, and holds ${value} at place 2 of 8`,
      );
    },
  );

  it("says of a model whose heads are new that they are, to whoever asks them", async () => {
    const alone = await rewritten("saved-bert", (old) => (old.startsWith("bert.") ? old : undefined));
    const { model } = await loadTextModel(alone, random());
    const message = "its folder has the encoder alone: cls.predictions.bias and 4 more missing";
    await expect(fillMask(model, toyTokenizer(19), "7 [MASK]")).rejects.toThrow(message);
    const corpus = memoryCorpus([[[7, 8, 9, 10]]]);
    const loaded = { model, tokenizer: toyTokenizer(19), context: 12, untrained: () => model };
    await expect(measurePerplexity(loaded, corpus)).rejects.toThrow(message);
    const words = await rewritten("saved-bert", (old) => (old.includes("seq_relationship") ? undefined : old));
    expect(kindOf((await loadTextModel(words, random())).model)).toBe("blocks"); // its pairs are new, its words are not
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
