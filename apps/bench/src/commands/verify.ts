/**
 * `autodidact verify`: do two recordings have one speaker?
 */
import process from "node:process";
import { UsageError } from "@autodidact/core";
import { flag, real, type Typed } from "@autodidact/core/cards";
import { type FoundThreshold, foundThreshold } from "@autodidact/evaluate";
import { loadSpeechEncoder, readSound, type Sound, speechIn, verify } from "@autodidact/speech";
import { Argument, Command } from "commander";
import { addOptions } from "../command-options.js";
import { addEngineOptions, type EngineChoice, inSession } from "../engine-options.js";

const options = {
  threshold: real("one speaker from this score on", {
    from: -1,
    to: 1,
    usually: "where evaluate --protocol verification found both errors alike",
  }),
  json: flag("as JSON: score, isSame, threshold, from; withoutSpeech, where a file has none"),
};

type Options = Typed<typeof options> & EngineChoice;

export function verifyCommand(): Command {
  const command = new Command("verify")
    .description("Do two recordings have one speaker? The score of both, and from which score on it is said so.")
    .addArgument(new Argument("<run>", "of speaker-contrastive, or any run on speech"))
    .addArgument(new Argument("<first>", "recording"))
    .addArgument(new Argument("<second>", "recording"));
  addOptions(command, options);
  addEngineOptions(command);
  return command
    .addHelpText(
      "after",
      `
Examples:
  $ autodidact verify runs/speaker-contrastive-voices ann_1.wav somebody.wav
  $ autodidact verify runs/speaker-contrastive-voices ann_1.wav somebody.wav --threshold 0.6

Without --threshold it must be known from trials whose answers are known, of speakers that nothing was learned of:
  $ autodidact evaluate runs/speaker-contrastive-voices --data others --protocol verification --speaker folder`,
    )
    .action(action);
}

async function action(folder: string, first: string, second: string, chosen: Options): Promise<void> {
  await inSession(chosen, async ({ line }) => {
    const loaded = await loadSpeechEncoder(folder);
    const { threshold, from } = await thresholdOf(folder, loaded.weights, chosen.threshold);
    const { sampleRate } = loaded.decoding;
    const [one, other] = [await readSound(first, sampleRate), await readSound(second, sampleRate)];
    const unheard = await withoutSpeech([one, other]);
    const { score, isSame } = await verify(loaded.encoder, one, other, threshold);
    for (const file of unheard)
      line.print(`warning: no speech was found in ${file}: of noise and music the score says nothing of voices.`);
    line.end();
    process.stdout.write(
      chosen.json
        ? `${JSON.stringify({ score, isSame, threshold, from, ...(unheard.length > 0 && { withoutSpeech: unheard }) })}\n`
        : `${score.toFixed(3)}: ${isSame ? "one speaker" : "two speakers"}, by the threshold ${threshold.toFixed(3)} (${from})\n${MEANING}\n`,
    );
  });
}

/** Files in which no speech is found; a silent one is refused. */
async function withoutSpeech(sounds: readonly Sound[]): Promise<string[]> {
  const files = new Set<string>();
  for (const sound of sounds) {
    const heard = await speechIn(sound);
    if (heard === "silence") {
      throw new UsageError(
        `${sound.id} is silent: nothing in it lies above −60 dB of full scale. Name a recording in which somebody speaks.`,
      );
    }
    if (heard === "no speech") files.add(sound.id);
  }
  return [...files];
}

const MEANING =
  "The score is the cosine of both embeddings, from −1 to 1, higher where voices are more alike; it is no probability. Recordings of another kind than those the threshold was chosen on need another.";

/** As told, else as it was found for these weights. */
async function thresholdOf(folder: string, weights: string, told: number | undefined): Promise<FoundThreshold> {
  if (told !== undefined) return { threshold: told, from: "--threshold" };
  const found = await foundThreshold(folder, weights);
  if (found !== undefined) return found;
  throw new UsageError(
    `from which score on two recordings have one speaker is not known of ${folder}. Find it out on trials whose answers are known: ` +
      `autodidact evaluate ${folder} --data LABELLED --protocol verification; or give --threshold.`,
  );
}
