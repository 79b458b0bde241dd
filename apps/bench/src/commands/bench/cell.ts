/**
 * `autodidact bench cell`: one cell, in a process of its own that `bench run` starts and talks with.
 */
import process from "node:process";
import { UsageError } from "@autodidact/core";
import { answerCell, serveCell } from "@autodidact/evaluate";
import { Command } from "commander";
import { errorText } from "../../error-text.js";
import { modalityOf } from "../../modalities.js";
import { inFlags, lineInFlags } from "../../option-words.js";

export function cellCommand(): Command {
  return new Command("cell").description("One cell, asked for by the process that started this one.").action(action);
}

async function action(): Promise<void> {
  if (process.send === undefined)
    throw new UsageError("bench cell is started by bench run alone. Type: autodidact bench run");
  await serveCell({
    async *answer(request, session) {
      const { tasks } = await modalityOf(request.folder);
      const told = { ...session, line: lineInFlags(session.line) };
      yield* answerCell(request, tasks[request.task.protocol]!, told);
    },
    told: (message) => errorText(inFlags(message)),
  });
}
