/**
 * `autodidact fill-mask`: what a masked model puts into the gaps of a text.
 */
import process from "node:process";
import { table, UsageError } from "@autodidact/core";
import { whole } from "@autodidact/core/cards";
import { fillMask, loadTextEncoder } from "@autodidact/text";
import { Argument, Command } from "commander";
import { addOptions } from "../command-options.js";
import { addEngineOptions, type EngineChoice, inSession } from "../engine-options.js";

interface Options extends EngineChoice {
  top: number;
}

export function fillMaskCommand(): Command {
  const command = new Command("fill-mask")
    .description("Fill the gaps of a text: the likeliest pieces for each [MASK].")
    .addArgument(
      new Argument("<run>", "of masked-lm, bert or sentence-order, or a Hugging Face folder of BERT or ALBERT"),
    )
    .addArgument(new Argument("<text>", "with [MASK] in it, once or more often"));
  addOptions(command, { top: whole(5, "pieces for each gap", { to: 1000 }) });
  addEngineOptions(command);
  return command
    .addHelpText(
      "after",
      `
Examples:
  $ autodidact fill-mask runs/masked-lm-speeches "The [MASK] of the United States"
  $ autodidact fill-mask bert-base-uncased "Paris is the [MASK] of [MASK]." --top 3`,
    )
    .action(action);
}

async function action(folder: string, text: string, options: Options): Promise<void> {
  await inSession(options, async () => {
    const { model, tokenizer } = await loadTextEncoder(folder);
    const { mask } = tokenizer.special;
    if (mask === undefined) {
      throw new UsageError(`${folder} has no mask in its vocabulary; it writes on: autodidact generate ${folder}`);
    }
    if (!text.includes(tokenizer.piece(mask))) {
      throw new UsageError(`the text must hold ${tokenizer.piece(mask)}, got ${JSON.stringify(text)}.`);
    }
    const gaps = await fillMask(model, tokenizer, text, { top: options.top });
    const rows = gaps.flatMap((candidates, gap) =>
      candidates.map(({ piece, probability }, place) => [
        place === 0 ? String(gap + 1) : "",
        piece,
        `${(100 * probability).toFixed(1)} %`,
      ]),
    );
    process.stdout.write(`${table(["gap", "piece", "probability"], rows, { left: 2 })}\n`);
  });
}
