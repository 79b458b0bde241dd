/**
 * All commands, and what they have in common.
 */
import { Command } from "commander";
import { doctorCommand } from "./commands/doctor.js";
import { embedCommand } from "./commands/embed.js";
import { evaluateCommand } from "./commands/evaluate.js";
import { fillMaskCommand } from "./commands/fill-mask.js";
import { finetuneCommand } from "./commands/finetune.js";
import { generateCommand } from "./commands/generate.js";
import { pretrainCommand } from "./commands/pretrain.js";
import { quickstartCommand } from "./commands/quickstart.js";
import { tokenizerCommand } from "./commands/tokenizer.js";

const COMMANDS = [
  quickstartCommand,
  tokenizerCommand,
  pretrainCommand,
  evaluateCommand,
  finetuneCommand,
  fillMaskCommand,
  generateCommand,
  embedCommand,
  doctorCommand,
];

export function program(): Command {
  const autodidact = new Command("autodidact")
    .description("Self-supervised learning: pretrain an encoder on unlabelled data, measure what it learned.")
    .version("0.0.0")
    .addHelpText(
      "after",
      `
Start here:
  $ autodidact quickstart                              a few minutes, nothing to download
  $ autodidact pretrain simclr --data photos           your own images
  $ autodidact pretrain masked-lm --data speeches      your own text
  $ autodidact evaluate runs/NAME --data photos --protocol linear`,
    );
  for (const command of COMMANDS.map((make) => make())) {
    autodidact.addCommand(command);
  }
  for (const command of withinItself(autodidact)) {
    if (command.commands.length === 0) command.option("--debug", "show where an error comes from");
    command
      .exitOverride()
      .showHelpAfterError(`Accepted: ${acceptedBy(command)}. Explained by: ${pathOf(command)} --help`);
  }
  return autodidact;
}

/** A command and all below it. */
export function withinItself(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withinItself)];
}

function acceptedBy(command: Command): string {
  const names = [
    ...command.commands.map((child) => child.name()),
    ...command.registeredArguments.map((argument) => `<${argument.name()}>`),
    ...command.options.filter((option) => !option.hidden).map((option) => option.long ?? option.flags),
  ];
  return names.join(" ");
}

const pathOf = (command: Command): string =>
  command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
