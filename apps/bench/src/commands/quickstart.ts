/**
 * `autodidact quickstart`: what a few minutes of learning are worth, without a download.
 */
import { join } from "node:path";
import { Command, Option } from "commander";
import { addEngineOptions, type EngineChoice, inSession } from "../engine-options.js";
import { freeFolder } from "../free-folder.js";
import { quickstartImages } from "../images/quickstart.js";
import { realNumber, wholeNumber } from "../option-values.js";
import { quickstartText } from "../text/quickstart.js";

interface Options extends EngineChoice {
  only?: "images" | "text";
  minutes: number;
  steps?: number;
  width: number;
  imagesPerClass: number;
  seed: number;
  out?: string;
}

export function quickstartCommand(): Command {
  const command = new Command("quickstart")
    .description(
      "Pretrain SimCLR on handwritten digits and a small GPT on speeches, and measure them, in a few minutes and without a download.",
    )
    .addOption(new Option("--only <part>", "of the two (default: both)").choices(["images", "text"]))
    .addOption(
      new Option("--minutes <m>", "to pretrain each; the number of steps follows from the machine's speed")
        .argParser(realNumber({ above: 0 }))
        .default(2),
    )
    .addOption(new Option("--steps <n>", "updates, in place of minutes").argParser(wholeNumber()))
    .addOption(new Option("--width <channels>", "of the ResNet-18").argParser(wholeNumber({ to: 256 })).default(16))
    .addOption(
      new Option("--images-per-class <n>", "of the training images")
        .argParser(wholeNumber({ from: 26, to: 5000 }))
        .default(1000),
    )
    .addOption(new Option("--seed <n>", "").argParser(wholeNumber({ from: 0 })).default(0))
    .option("--out <folder>", "of the run; of both, that on text is FOLDER-text (default: runs/quickstart)");
  addEngineOptions(command);
  return command
    .addHelpText(
      "after",
      "\nExamples:\n  $ autodidact quickstart\n  $ autodidact quickstart --only text\n  $ autodidact quickstart --minutes 10 --width 32",
    )
    .action(action);
}

async function action({ only, ...options }: Options): Promise<void> {
  await inSession(options, async (session) => {
    if (only !== "text") {
      const out = options.out ?? (await freeFolder(join("runs", "quickstart")));
      await quickstartImages({ ...options, out }, session);
    }
    if (only === undefined) session.line.print("");
    if (only !== "images") {
      const told = only === "text" || options.out === undefined ? options.out : `${options.out}-text`;
      const out = told ?? (await freeFolder(join("runs", "quickstart-text")));
      await quickstartText({ ...options, out }, session);
    }
  });
}
