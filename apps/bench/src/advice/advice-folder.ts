/**
 * The folder in which advice is kept while it comes to be: `advice.jsonl`, to which lines are only added, and the pilots' runs.
 *
 * Who is stopped goes on from its lines; what is asked must be the same.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { appendLine, assertFree, commitFile, exists, lockRun, readLines, UsageError } from "@autodidact/core";
import {
  type Advice,
  type HalvingEvent,
  type PilotEvidence,
  pilotEvidenceSchema,
  probeAnswersSchema,
} from "@autodidact/evaluate";
import { z } from "zod";

const seconds = z.number().nonnegative();
const happened = { candidate: z.string(), spentSeconds: seconds };
const rung = z.int().nonnegative();
const measured = z.strictObject({
  kind: z.literal("sample"),
  examples: z.int().positive(),
  classes: z.array(z.string()).nullable(),
  raw: z.string(),
  /** What the raw features answered; null where there are no labels. */
  answers: probeAnswersSchema.nullable(),
});
const lineSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("asked"),
    schema: z.literal("autodidact.advice-journal/1"),
    asked: z.record(z.string(), z.json()),
  }),
  measured,
  z.strictObject({ kind: z.literal("prepared"), ...happened, overheadSeconds: seconds }),
  z.strictObject({
    kind: z.literal("pilot"),
    ...happened,
    rung,
    seconds,
    trainedSeconds: seconds,
    overheadSeconds: seconds,
    evidence: pilotEvidenceSchema,
  }),
  z.strictObject({ kind: z.literal("failed"), ...happened, rung, error: z.string() }),
  z.strictObject({ kind: z.literal("cut short"), ...happened, rung, seconds, trainedSeconds: seconds }),
]);
type Line = z.infer<typeof lineSchema>;
export type MeasuredOn = z.infer<typeof measured>;
export type Asked = Advice["asked"];

export interface AdviceFolder {
  readonly folder: string;
  /** What happened in earlier processes. */
  readonly before: readonly HalvingEvent<PilotEvidence>[];
  /** What pilots are measured on, where that is known already. */
  readonly sample: MeasuredOn | undefined;
  add(line: HalvingEvent<PilotEvidence> | MeasuredOn): Promise<void>;
  /** Writes advice.json. */
  keep(advice: Advice): Promise<void>;
  release(): Promise<void>;
}

/** One process at a time works in it. */
export async function openAdviceFolder(
  folder: string,
  asked: Asked,
  print: (text: string) => void,
): Promise<AdviceFolder> {
  const journal = join(folder, "advice.jsonl");
  if (!(await exists(journal))) await assertFree(folder, { out: "--out" });
  await mkdir(folder, { recursive: true });
  const lock = await lockRun(folder);
  try {
    const lines = await read(journal, print);
    const [first] = lines.filter((line) => line.kind === "asked");
    if (first === undefined) await appendLine(journal, JSON.stringify(askedLine(asked)));
    else assertSame(folder, first.asked, asked);
    return {
      folder,
      before: lines.filter((line) => line.kind !== "asked" && line.kind !== "sample"),
      sample: lines.find((line) => line.kind === "sample"),
      add: (line) => appendLine(journal, JSON.stringify(line)),
      keep: (advice) => commitFile(join(folder, "advice.json"), Buffer.from(`${JSON.stringify(advice, null, 2)}\n`)),
      release: lock.release,
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

const askedLine = (asked: Asked): Line => ({ kind: "asked", schema: "autodidact.advice-journal/1", asked });

/** Half a line is what a killed process leaves: what it told is done again. */
async function read(journal: string, print: (text: string) => void): Promise<Line[]> {
  return (await readLines(journal)).flatMap(({ number, text }) => {
    const parsed = lineSchema.safeParse(jsonOf(text));
    if (parsed.success) return [parsed.data];
    print(`${journal}: line ${number} is damaged, and passed over`);
    return [];
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function assertSame(folder: string, before: Asked, now: Asked): void {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const texts = (asked: Asked, name: string) => JSON.stringify(asked[name] ?? null);
  const other = names.filter((name) => texts(before, name) !== texts(now, name));
  if (other.length === 0) return;
  const list = other.map((name) => `${name}: ${texts(before, name)} then, ${texts(now, name)} now`);
  throw new UsageError(
    `--out ${folder} holds advice that was asked for otherwise (${list.join("; ")}). Ask as then to go on with it, or name another folder.`,
  );
}
