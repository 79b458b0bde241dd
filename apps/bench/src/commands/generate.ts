/**
 * `autodidact generate`: text written on by a model that predicts the next token.
 */
import process from "node:process";
import { UsageError } from "@autodidact/core";
import { type Filled, positive, real, share, text, whole } from "@autodidact/core/cards";
import { isCausalModel, loadTextEncoder, writeOn } from "@autodidact/text";
import { Argument, Command } from "commander";
import { addOptions } from "../command-options.js";
import { addEngineOptions, type EngineChoice, inSession } from "../engine-options.js";

const options = {
  prompt: text("what comes before", { usually: "the beginning of a text" }),
  maxTokens: whole(200, ""),
  temperature: real(0.8, "below 1 likelier tokens, 0 the likeliest only", { from: 0, unit: "t" }),
  topK: whole("of the n likeliest tokens only"),
  topP: share("of the likeliest tokens that together have this probability", { above: 0 }),
  repetitionPenalty: positive(1, "above 1 what came before is less likely", { unit: "p" }),
  stop: text("ends after this string; several as a JSON list", { unit: "string" }),
  samples: whole(1, "texts, each drawn by itself", { to: 10_000 }),
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
  if (chosen.samples > 1 && chosen.temperature === 0)
    throw new UsageError("--samples needs a --temperature above 0: at 0 all samples are the same text.");
  const stopStrings = stopStringsOf(chosen.stop);
  await inSession(chosen, async ({ signal }) => {
    const { model, tokenizer } = await loadTextEncoder(folder);
    if (!isCausalModel(model)) {
      throw new UsageError(`${folder} does not predict next tokens; it fills gaps: autodidact fill-mask ${folder} "…"`);
    }
    const { prompt = "", maxTokens, temperature, topK, topP, repetitionPenalty, seed, samples } = chosen;
    const asked = { prompt, maxTokens, temperature, topK, topP, repetitionPenalty, seed, stopStrings, signal };
    for (let sample = 0; sample < samples; sample += 1) {
      if (samples > 1) process.stdout.write(`${sample > 0 ? "\n" : ""}--- ${sample + 1} of ${samples}\n`);
      process.stdout.write(prompt);
      for await (const piece of writeOn(model, tokenizer, { ...asked, sample })) process.stdout.write(piece);
      process.stdout.write("\n");
      signal.throwIfAborted();
    }
  });
}

/** `--stop "\n\n"`, or `--stop '["a", "b"]'`. */
function stopStringsOf(stop: string | undefined): string[] {
  if (stop === undefined) return [];
  let list: unknown = stop;
  try {
    if (stop.startsWith("[")) list = JSON.parse(stop);
  } catch {
    // a string that begins with a bracket
  }
  const strings = Array.isArray(list) ? list : [list];
  if (strings.some((one) => typeof one !== "string" || one === ""))
    throw new UsageError(
      `--stop must be a string with a character, or a JSON list of such, got ${JSON.stringify(stop)}.`,
    );
  return strings;
}
