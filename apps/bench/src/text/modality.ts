/**
 * Text, as the commands need it.
 */
import { basename } from "node:path";
import { fillMaskCommand } from "../commands/fill-mask.js";
import { finetuneCommand } from "../commands/finetune.js";
import { generateCommand } from "../commands/generate.js";
import { tokenizerCommand } from "../commands/tokenizer.js";
import type { Modality } from "../modality.js";
import { architectures } from "./architectures.js";
import { embedText } from "./embedding.js";
import { examineText } from "./examination.js";
import { textLearner } from "./learner.js";
import type { TextMethod } from "./method.js";
import { optionGroups, type TextOptions } from "./options.js";
import { measurePerplexity } from "./perplexity.js";
import { describePerplexity, perplexityTable } from "./perplexity-table.js";
import { planText } from "./plan.js";
import { textQuickstart } from "./quickstart.js";
import { parseTextSettings, type TextSettings, textMethods } from "./settings.js";

const cardNamed = (method: string): TextMethod => textMethods[method as TextSettings["method"]];

export const text: Modality<TextSettings, TextOptions> = {
  data: "text",
  methods: textMethods,
  saveEvery: "a twentieth of the steps, at most 500",
  options: (method) => optionGroups(cardNamed(method)),
  examples: (method) => [
    `${method} --data speeches`,
    `${method} --data mails.jsonl --column body --preset tiny --steps 5000`,
    `${method} --data notes --init models/${cardNamed(method).continues} --epochs 1`,
    ...(cardNamed(method).examples === "blocks"
      ? [`${method} --data proteins.fasta --tokenizer-kind protein --no-pack`]
      : []),
    `${method} --out runs/${method}-speeches --resume`,
  ],
  plan: (method, path, typed) => planText(cardNamed(method), path, typed),
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
      cardNamed(method).examples === "windows"
        ? { why: "What has it to say?", command: `generate ${folder} --prompt "The "` }
        : { why: "What does it put in?", command: `fill-mask ${folder} "text with [MASK]"` },
  }),
  modelTypes: Object.keys(architectures),
  examine: examineText,
  embed: embedText,
  async tell(folder, data, options, session) {
    const perplexity = await measurePerplexity(folder, data, options, session);
    return {
      table: `${describePerplexity(perplexity)}\n${perplexityTable(perplexity)}`,
      record: { protocol: "perplexity", run: folder, ...perplexity },
    };
  },
  commands: [tokenizerCommand, finetuneCommand, fillMaskCommand, generateCommand],
  quickstart: textQuickstart,
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
