/**
 * `autodidact generate`: text written on by a model that predicts the next token.
 */
import process from "node:process";
import { isCausalModel, loadTextEncoder, writeOn } from "@autodidact/text";
import { Argument, Command } from "commander";
import { addOptions } from "../command-options.js";
import { addEngineOptions, type EngineChoice, inSession } from "../engine-options.js";
import { type Filled, real, share, text, whole } from "../typed-option.js";
import { UsageError } from "../usage-error.js";

const options = {
  prompt: text("what comes before", { usually: "the beginning of a text" }),
  maxTokens: whole(200, ""),
  temperature: real(0.8, "below 1 likelier tokens, 0 the likeliest only", { from: 0, unit: "t" }),
  topK: whole("of the n likeliest tokens only"),
  topP: share("of the likeliest tokens that together have this probability", { above: 0 }),
  seed: whole(0, "the same seed gives the same text", { from: 0 }),
};

export function generateCommand(): Command {
  const command = new Command("generate")
    .description("Write on from a prompt, token by token; the text goes to the standard output as it comes.")
    .addArgument(new Argument("<run>", "of next-token, or a Hugging Face folder of GPT-2"));
  addOptions(command, options);
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

async function action(folder: string, chosen: Filled<typeof options> & EngineChoice): Promise<void> {
  await inSession(chosen, async ({ signal }) => {
    const { model, tokenizer } = await loadTextEncoder(folder);
    if (!isCausalModel(model)) {
      throw new UsageError(`${folder} does not predict next tokens; it fills gaps: autodidact fill-mask ${folder} "…"`);
    }
    const { prompt = "", maxTokens, temperature, topK, topP, seed } = chosen;
    process.stdout.write(prompt);
    const asked = { prompt, maxTokens, temperature, topK, topP, seed, signal };
    for await (const piece of writeOn(model, tokenizer, asked)) process.stdout.write(piece);
    process.stdout.write("\n");
    signal.throwIfAborted();
  });
}
