/**
 * `autodidact inspect DATA`: what was understood of data, and what is wrong with it, without training.
 */
import process from "node:process";
import type { LiveLine } from "@autodidact/core";
import {
  assertNoFile,
  describeInspection,
  encodePng,
  type Inspection,
  liveLine,
  UsageError,
  watchSignals,
  writeNew,
} from "@autodidact/core";
import { Argument, Command, Option } from "commander";
import { addOptions } from "../command-options.js";
import { errorText } from "../error-text.js";
import type { Modalities } from "../modalities.js";
import type { Modality } from "../modality.js";

interface Options {
  as?: string;
  column?: string;
  sheet?: string;
  json?: string;
}

type Inspecting = Modality & Required<Pick<Modality, "inspect">>;

/** Undefined where nothing that is installed can be looked at. */
export function inspectCommand({ present }: Modalities): Command | undefined {
  const inspecting = present.filter((modality): modality is Inspecting => modality.inspect !== undefined);
  if (inspecting.length === 0) return undefined;
  const names = inspecting.map(({ data }) => data);
  const command = new Command("inspect")
    .description(
      "Say what data holds, without training: parts, classes, sizes, what is broken, what stands there twice.",
    )
    .addArgument(new Argument("<data>", `${names.join(" or ")}: a folder or a file`))
    .addOption(new Option("--as <what>", "where both are there (default: whatever can be read)").choices(names))
    .option("--column <name>", "that holds the texts, of tables");
  const told = new Set<string>();
  for (const { data, inspectReading = {} } of inspecting) {
    const own = Object.entries(inspectReading).filter(([name]) => !told.has(name)); // one option for all that have it
    for (const [name] of own) told.add(name);
    addOptions(command.optionsGroup(`How ${data} is read:`), Object.fromEntries(own));
  }
  return command
    .optionsGroup("Result:")
    .option("--sheet <file>", "write a sample of the images there: a contact sheet, PNG")
    .option("--json <file>", "write all of it there, a line of JSON each; - is the standard output, without the text")
    .addHelpText(
      "after",
      `
Examples:
  $ autodidact inspect photos --sheet photos-sheet.png
  $ autodidact inspect reviews.csv --column review
  $ autodidact inspect photos --json - | jq '.broken'

Exit code: 0 where everything could be read, 1 where something is broken (all of it is listed). Nothing is written beside
--sheet and --json, and no file is written over.`,
    )
    .action((data: string, options: Options) => action(inspecting, data, options));
}

async function action(inspecting: readonly Inspecting[], data: string, options: Options): Promise<void> {
  const { as, column, sheet, json } = options;
  const typed = { ...options };
  if (sheet !== undefined) await assertNoFile(sheet, "--sheet");
  if (json !== undefined && json !== "-") await assertNoFile(json, "--json");
  const line = liveLine(process.stderr);
  const watch = watchSignals((text) => line.print(text));
  try {
    const asked = inspecting.filter((modality) => as === undefined || modality.data === as);
    const looks = await inspectAll(asked, data, { column, typed, signal: watch.signal, line });
    line.end();
    if (json !== "-") process.stdout.write(`${looks.map((look) => told(look, looks.length)).join("\n\n")}\n`);
    if (json !== undefined) await keepJson(looks, json);
    await keepSheet(looks, data, { sheet, line });
    const broken = looks.reduce((sum, { inspection }) => sum + inspection.broken.length, 0);
    if (broken > 0) throw new Error(`${data} is not sound: ${broken} broken, listed above.`);
  } finally {
    line.end();
    watch.release();
  }
}

interface Look {
  readonly as: string;
  /** What its examples are called. */
  readonly noun: string;
  readonly inspection: Inspection;
}

interface Looking {
  readonly column: string | undefined;
  readonly typed: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  readonly line: LiveLine;
}

/** As each of what it can be; where it is none of them, why not. */
async function inspectAll(
  asked: readonly Inspecting[],
  data: string,
  { column, typed, signal, line }: Looking,
): Promise<Look[]> {
  const looks: Look[] = [];
  const refusals: string[] = [];
  for (const modality of asked) {
    try {
      const inspection = await modality.inspect(data, { column, typed, signal, show: (text) => line.show(text) });
      looks.push({ as: modality.data, noun: modality.noun ?? plural(modality.data), inspection });
    } catch (error) {
      signal.throwIfAborted();
      if (asked.length === 1) throw error;
      refusals.push(`as ${modality.data}: ${errorText((error as Error).message)}`);
    }
  }
  if (looks.length > 0) {
    // What was not recognised is no news where something else was; what was and is damaged must not be hidden by it.
    for (const refusal of refusals) if (!/must be or hold/.test(refusal)) line.print(`not ${refusal}`);
    return looks;
  }
  throw new UsageError(
    [`${data} cannot be read as any of ${asked.map(({ data }) => data).join(", ")}.`, ...refusals].join("\n"),
  );
}

const plural = (data: string) => (data.endsWith("s") ? data : `${data}s`);

function told({ as, noun, inspection }: Look, looks: number): string {
  const lines = describeInspection(inspection, noun);
  return (looks === 1 ? lines : [`As ${as} (--as ${as} for this alone):`, ...lines]).join("\n");
}

async function keepJson(looks: readonly Look[], json: string): Promise<void> {
  const lines = looks.map(({ as, inspection: { sheet: _, broken, ...rest } }) =>
    JSON.stringify({ as, ...rest, broken: broken.map(({ id, reason }) => ({ id, reason })) }),
  );
  const text = `${lines.join("\n")}\n`;
  if (json === "-") process.stdout.write(text);
  else await writeNew(json, "--json", (write) => write(text));
}

async function keepSheet(
  looks: readonly Look[],
  data: string,
  { sheet, line }: { sheet: string | undefined; line: LiveLine },
): Promise<void> {
  const picture = looks.find(({ inspection }) => inspection.sheet !== undefined)?.inspection.sheet;
  if (sheet === undefined) {
    if (picture !== undefined) line.print("See a sample of them: --sheet FILE.png");
    return;
  }
  if (picture === undefined) throw new UsageError(`--sheet: there is no picture of ${data}. Leave it out.`);
  await writeNew(sheet, "--sheet", (write) => write(encodePng(picture)));
  line.print(`a sample of them: ${sheet}`);
}
