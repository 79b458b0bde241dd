/**
 * `autodidact generate`: text written on by a model that predicts the next token.
 */
import process from "node:process";
import { type GenerateOptions, isCausalModel, loadTextEncoder, writeOn } from "@autodidact/text";
import { Argument, Command, Option } from "commander";
import { addEngineOptions, type EngineChoice, inSession } from "../engine-options.js";
import { realNumber, wholeNumber } from "../option-values.js";
import { UsageError } from "../usage-error.js";

interface Options extends EngineChoice, Pick<GenerateOptions, "temperature" | "topK" | "topP"> {
  prompt?: string;
  maxTokens: number;
  seed: number;
}

export function generateCommand(): Command {
  const command = new Command("generate")
    .description("Write on from a prompt, token by token; the text goes to the standard output as it comes.")
    .addArgument(new Argument("<run>", "of next-token, or a Hugging Face folder of GPT-2"))
    .option("--prompt <text>", "what comes before (default: the beginning of a text)")
    .addOption(new Option("--max-tokens <n>", "").argParser(wholeNumber({ from: 1 })).default(200))
    .addOption(
      new Option("--temperature <t>", "below 1 likelier tokens, 0 the likeliest only")
        .argParser(realNumber({ from: 0 }))
        .default(0.8),
    )
    .addOption(new Option("--top-k <n>", "of the n likeliest tokens only").argParser(wholeNumber()))
    .addOption(
      new Option("--top-p <share>", "of the likeliest tokens that together have this probability").argParser(
        realNumber({ above: 0, to: 1 }),
      ),
    )
    .addOption(
      new Option("--seed <n>", "the same seed gives the same text").argParser(wholeNumber({ from: 0 })).default(0),
    );
  addEngineOptions(command);
  return command
    .addHelpText(
      "after",
      `
Examples:
  $ autodidact generate runs/next-token-speeches --prompt "My fellow citizens"
  $ autodidact generate runs/next-token-speeches --temperature 1 --top-p 0.9 --seed 3 --max-tokens 500 > speech.txt`,
    )
    .action(action);
}

async function action(folder: string, options: Options): Promise<void> {
  await inSession(options, async ({ signal }) => {
    const { model, tokenizer } = await loadTextEncoder(folder);
    if (!isCausalModel(model)) {
      throw new UsageError(`${folder} does not predict next tokens; it fills gaps: autodidact fill-mask ${folder} "…"`);
    }
    const { prompt = "", maxTokens, temperature, topK, topP, seed } = options;
    process.stdout.write(prompt);
    for await (const piece of writeOn(model, tokenizer, { temperature, topK, topP, prompt, maxTokens, seed, signal })) {
      process.stdout.write(piece);
    }
    process.stdout.write("\n");
    signal.throwIfAborted();
  });
}
