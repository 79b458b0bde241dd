/**
 * All commands, and what they have in common.
 */
import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { adviseCommand } from "./commands/advise.js";
import { benchCommand } from "./commands/bench/bench.js";
import { dashboardCommand } from "./commands/dashboard.js";
import { doctorCommand } from "./commands/doctor.js";
import { embedCommand } from "./commands/embed.js";
import { evaluateCommand } from "./commands/evaluate.js";
import { finetuneCommand } from "./commands/finetune.js";
import { inspectCommand } from "./commands/inspect.js";
import { neighboursCommand } from "./commands/neighbours.js";
import { predictCommand } from "./commands/predict.js";
import { pretrainCommand } from "./commands/pretrain.js";
import { quickstartCommand } from "./commands/quickstart.js";
import { resultsCommand } from "./commands/results.js";
import { describeMissing, loadModalities, type Modalities } from "./modalities.js";

/** All commands, of what is installed. */
export async function program(modalities?: Modalities): Promise<Command> {
  const known = modalities ?? (await loadModalities());
  const missing = describeMissing(known);
  const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
  const autodidact = new Command("autodidact")
    .description("Self-supervised learning: pretrain an encoder on unlabelled data, measure what it learned.")
    .version(version)
    .addHelpText("after", `\nStart here:\n${beginnings(known).join("\n")}`);
  if (missing !== "") autodidact.addHelpText("after", `\n${missing}`);
  const own = known.present.flatMap(({ commands = [] }) => commands.map((make) => make()));
  const commands = [
    inspectCommand(known),
    quickstartCommand(known),
    adviseCommand(known),
    pretrainCommand(known),
    evaluateCommand(known),
    finetuneCommand(known),
    ...own,
    embedCommand(known),
    neighboursCommand(known),
    doctorCommand(),
    predictCommand(known),
    benchCommand(),
    resultsCommand(),
    dashboardCommand(known),
  ].filter((command) => command !== undefined);
  for (const command of commands) autodidact.addCommand(grouped(command));
  for (const command of withinItself(autodidact)) {
    if (command.commands.length === 0) command.option("--debug", "show where an error comes from");
    const hint = `Accepted: ${acceptedBy(command)}. Explained by: ${pathOf(command)} --help`;
    const mayLack = command.commands.length > 0 && missing !== "";
    command.exitOverride().showHelpAfterError(mayLack ? `${hint}\n${missing}` : hint);
  }
  return autodidact;
}

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  "Look at data:": ["inspect"],
  "Learn:": ["quickstart", "advise", "pretrain", "finetune", "tokenizer"],
  "Measure:": ["evaluate", "bench", "results", "dashboard"],
  "Use what was learned:": ["predict", "fill-mask", "generate", "transcribe", "verify", "embed", "neighbours"],
};

/** Where `--help` shows it. */
function grouped(command: Command): Command {
  const group = Object.keys(GROUPS).find((name) => GROUPS[name]!.includes(command.name()));
  return group === undefined ? command : command.helpGroup(group);
}

/** A way in for each modality. */
function beginnings({ present }: Modalities): string[] {
  const ways = [
    ["quickstart", "a few minutes, nothing to download"],
    ...present.map(({ data, examples, quickstart: { method } }) => [
      `pretrain ${examples(method)[0]}`,
      `your own ${data}`,
    ]),
    ["evaluate runs/NAME --data photos --protocol linear", ""],
  ] as const;
  const longest = Math.max(...ways.map(([command, what]) => (what === "" ? 0 : command!.length)));
  return ways.map(([command, what]) => `  $ autodidact ${command!.padEnd(longest)}  ${what}`.trimEnd());
}

/** A command and all below it. */
export function withinItself(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withinItself)];
}

/** Of more names the first are shown: whoever mistyped one is told the nearest by commander. */
const NAMES_SHOWN = 16;

function acceptedBy(command: Command): string {
  const names = [
    ...command.commands.map((child) => child.name()),
    ...command.registeredArguments.map((argument) => `<${argument.name()}>`),
    ...command.options.filter((option) => !option.hidden).map((option) => option.long ?? option.flags),
  ];
  if (names.length <= NAMES_SHOWN + 2) return names.join(" ");
  return `${names.slice(0, NAMES_SHOWN).join(" ")} and ${names.length - NAMES_SHOWN} more`;
}

const pathOf = (command: Command): string =>
  command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
