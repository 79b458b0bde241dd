/**
 * Pretraining on text, as the command needs it.
 */
import { basename } from "node:path";
import type { Modality } from "../modality.js";
import { namesOf, textMethods } from "../registry.js";
import { embedText, examineText } from "./features.js";
import { textLearner } from "./learner.js";
import { addTextOptions, type TextOptions } from "./options.js";
import { planText } from "./plan.js";
import { parseTextSettings, type TextSettings } from "./settings.js";

/** What may be continued, as Hugging Face calls it. */
const CONTINUED = {
  "masked-lm": "bert-base-uncased",
  bert: "bert-base-uncased",
  "sentence-order": "albert-base-v2",
  "next-token": "gpt2",
} satisfies Record<TextSettings["method"], string>;

export const text: Modality<TextSettings, TextOptions> = {
  data: "text",
  methods: Object.fromEntries(namesOf(textMethods).map((name) => [name, textMethods[name].summary])),
  saveEvery: "a twentieth of the steps, at most 500",
  addOptions: addTextOptions,
  examples: (method) => [
    `${method} --data speeches`,
    `${method} --data mails.jsonl --column body --preset tiny --steps 5000`,
    `${method} --data notes --init models/${CONTINUED[method as TextSettings["method"]]} --epochs 1`,
    ...(method === "masked-lm" ? [`${method} --data proteins.fasta --tokenizer-kind protein --no-pack`] : []),
    `${method} --out runs/${method}-speeches --resume`,
  ],
  plan: (method, path, options) => planText(method as TextSettings["method"], path, options),
  parse: parseTextSettings,
  describe: ({ method, model, data, context, steps, batchSize, seed, tokenizer, init }) =>
    [
      `${method}: ${describeModel(model)}${init === null ? "" : ` continued from ${init}`}`,
      `${basename(data.path)} in ${tokenizer.vocabularySize} pieces`,
      `${steps} steps of ${batchSize} × ${context} tokens, adamw, seed ${seed}`,
    ].join("; "),
  learner: textLearner,
  conclude: ({ method }, folder, watched) => ({
    lines: watched === undefined ? [] : [describeHeldOut(watched.metrics)],
    next:
      method === "next-token"
        ? { why: "What has it to say?", command: `generate ${folder} --prompt "The "` }
        : { why: "What does it put in?", command: `fill-mask ${folder} "text with [MASK]"` },
  }),
  examine: examineText,
  embed: embedText,
};

function describeModel(model: TextSettings["model"]): string {
  const layers = model.num_hidden_layers ?? model.n_layer;
  const width = model.hidden_size ?? model.n_embd;
  const heads = model.num_attention_heads ?? model.n_head;
  return `${model.model_type} of ${layers} layers, width ${width}, ${heads} heads`;
}

/** At the end of a run: beside what needs no model. */
function describeHeldOut(metrics: Readonly<Record<string, number>>): string {
  const { heldOutLoss, heldOutAccuracy, unigramLoss, heldOutBitsPerByte, heldOutPairAccuracy, heldOutPairChance } =
    metrics;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const bits = heldOutBitsPerByte === undefined ? "" : `, ${heldOutBitsPerByte.toFixed(3)} bits a byte`;
  const pairs =
    heldOutPairAccuracy === undefined
      ? ""
      : ` Pairs told apart: ${percent(heldOutPairAccuracy)}; chance ${percent(heldOutPairChance!)}.`;
  return `Held out: loss ${heldOutLoss!.toFixed(4)} nats a token${bits}, ${percent(heldOutAccuracy!)} right; token frequencies alone: ${unigramLoss!.toFixed(4)}.${pairs}`;
}
