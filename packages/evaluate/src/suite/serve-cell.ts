/**
 * The process of one cell: it is asked by the one that started it, answers, and ends.
 */
import process from "node:process";
import { chooseEngine, type Session, UsageError, watchSignals } from "@autodidact/core";
import type { CellAnswer, CellMessage, CellRequest } from "./cell-messages.js";

export interface ServeCellOptions {
  /** Gives an answer for each label budget. */
  answer(request: CellRequest, session: Session): AsyncIterable<CellAnswer>;
  /** What is kept of an error; its message unless told. */
  told?(message: string): string;
}

/** Sets the exit code to 1 where the cell failed; throws where the process was started by nobody who asks. */
export async function serveCell({ answer, told = (message) => message }: ServeCellOptions): Promise<void> {
  if (process.send === undefined)
    throw new UsageError("serveCell: a cell's process must be started by runCells, and was not. Call runCells.");
  process.on("disconnect", () => process.exit(1)); // whoever asked is gone
  const request = await new Promise<CellRequest>((resolve) =>
    process.once("message", resolve as (told: unknown) => void),
  );
  const watch = watchSignals(() => {}); // whoever asked says it
  const line = {
    show: (text: string) => void say({ show: text }),
    print: (text: string) => void say({ print: text }),
    end() {},
  };
  try {
    const engine = await chooseEngine(request.engine);
    for await (const answered of answer(request, { engine, line, signal: watch.signal })) {
      await say({ answer: answered });
    }
    await say({ isDone: true });
  } catch (error) {
    if (!watch.signal.aborted) await say({ error: told(error instanceof Error ? error.message : String(error)) });
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
