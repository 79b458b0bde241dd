/**
 * `autodidact transcribe`: what is said in recordings, by a model that `finetune --task ctc` taught.
 */
import process from "node:process";
import { counted, fineTunedIn, grouped, table, UsageError } from "@autodidact/core";
import { flag, type Typed, whole } from "@autodidact/core/cards";
import { loadCtcModel, readSound, type Sound, type Transcript, transcriber } from "@autodidact/speech";
import { Argument, Command } from "commander";
import { addOptions } from "../command-options.js";
import { addEngineOptions, type EngineChoice, inSession } from "../engine-options.js";

const options = {
  times: flag("each word with its beginning and end in seconds, and how sure the model is"),
  json: flag("a line of JSON a file: file, text, words"),
  beam: whole("prefixes that a beam search keeps", { to: 1000, usually: "none: the best path is read" }),
};

type Options = Typed<typeof options> & EngineChoice;

export function transcribeCommand(): Command {
  const command = new Command("transcribe")
    .description("Write down what is said in recordings of any length.")
    .addArgument(new Argument("<run>", "that was fine-tuned by finetune --task ctc, or the folder that this wrote"))
    .addArgument(new Argument("<file...>", "recordings: .wav, .flac, .ogg, .mp3, …"));
  addOptions(command, options);
  addEngineOptions(command);
  return command
    .addHelpText(
      "after",
      `
Examples:
  $ autodidact transcribe runs/masked-frames-digits 7_ann_0.wav
  $ autodidact transcribe runs/masked-frames-digits meeting.flac --times
  $ autodidact transcribe runs/wav2vec-talks/finetuned-talks *.wav --json --beam 8`,
    )
    .action(action);
}

/** Files that are heard together. */
const AT_ONCE = 16;

async function action(folder: string, files: readonly string[], chosen: Options): Promise<void> {
  const { beam, times = false, json = false } = chosen;
  if (times && json)
    throw new UsageError("--times and --json do not go together: --json holds the times. Leave one out.");
  await inSession(chosen, async ({ line, signal }) => {
    const from = await fineTunedIn(folder, "--task ctc");
    if (from !== folder) line.print(`model: ${from}`);
    const model = await loadCtcModel(from);
    const { transcribe, dispose } = transcriber(model, { beam });
    const show = shower({ times, json, isOne: files.length === 1 });
    const hear = files.length === 1 ? readSound : heardOrWhyNot;
    let unheard = 0;
    try {
      for (let start = 0; start < files.length; start += AT_ONCE) {
        signal.throwIfAborted();
        const some = files.slice(start, start + AT_ONCE);
        const decoded = await Promise.all(some.map((file) => hear(file, model.encoder.sampleRate)));
        const sounds = decoded.filter((one): one is Sound => !(one instanceof UsageError));
        for (const error of decoded) if (error instanceof UsageError) line.print(error.message);
        unheard += some.length - sounds.length;
        line.show(`${grouped(start + some.length)} of ${counted(files.length, "recordings")}`);
        const transcripts = sounds.length === 0 ? [] : await transcribe(sounds);
        line.end();
        for (const [n, transcript] of transcripts.entries())
          process.stdout.write(`${show(sounds[n]!.id, transcript)}\n`);
      }
    } finally {
      dispose();
    }
    if (unheard > 0)
      throw new UsageError(`${unheard} of ${counted(files.length, "recordings")} could not be heard, named above.`);
  });
}

async function heardOrWhyNot(file: string, sampleRate: number) {
  return readSound(file, sampleRate).catch((error: unknown) => {
    if (error instanceof UsageError) return error;
    throw error;
  });
}

function shower({ times, json, isOne }: { times: boolean; json: boolean; isOne: boolean }) {
  return (file: string, { text, words }: Transcript): string => {
    if (json) return JSON.stringify({ file, text, words });
    const rows = words.map(({ word, start, end, confidence }) => {
      return [start.toFixed(2), end.toFixed(2), word, `${(100 * confidence).toFixed(0)} %`];
    });
    const told = times ? table(["start", "end", "word", "sure"], rows, { left: 0 }) : text;
    return isOne ? told : `${file}${times ? "\n" : "\t"}${told}`;
  };
}
