/**
 * `autodidact bench cell`: one cell, in a process of its own that `bench run` starts and talks with.
 */
import process from "node:process";
import { chooseEngine, UsageError, watchSignals } from "@autodidact/core";
import { Command } from "commander";
import { answerCell } from "../../bench/answer-cell.js";
import type { CellMessage, CellRequest } from "../../bench/cell-messages.js";
import { errorText } from "../../error-text.js";

export function cellCommand(): Command {
  return new Command("cell").description("One cell, asked for by the process that started this one.").action(action);
}

async function action(): Promise<void> {
  if (process.send === undefined)
    throw new UsageError("bench cell is started by bench run alone. Type: autodidact bench run");
  process.on("disconnect", () => process.exit(1)); // whoever asked is gone
  const request = await new Promise<CellRequest>((resolve) =>
    process.once("message", resolve as (told: unknown) => void),
  );
  const watch = watchSignals(() => {}); // `bench run` says it
  const line = {
    show: (text: string) => void say({ show: text }),
    print: (text: string) => void say({ print: text }),
    end() {},
  };
  try {
    const engine = await chooseEngine(request.engine);
    for await (const answer of answerCell(request, { engine, line, signal: watch.signal })) await say({ answer });
    await say({ isDone: true });
  } catch (error) {
    if (!watch.signal.aborted) await say({ error: errorText(error instanceof Error ? error.message : String(error)) });
    process.exitCode = 1;
  } finally {
    watch.release();
    process.removeAllListeners("disconnect");
    process.disconnect();
  }
}

/** Waits until it is on its way: what is said last must not be lost. */
const say = (message: CellMessage) =>
  new Promise<void>((resolve) => process.send!(message, undefined, undefined, () => resolve()));
