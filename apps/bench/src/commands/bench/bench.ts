/**
 * `autodidact bench`: encoders × tasks, kept in a store and shown.
 */
import { Command } from "commander";
import { cellCommand } from "./cell.js";
import { reportCommand } from "./report.js";
import { runCommand } from "./run.js";
import { statusCommand } from "./status.js";

export function benchCommand(): Command {
  return new Command("bench")
    .description("Measure many encoders on many tasks: results are kept, compared, and shown on a page.")
    .addCommand(runCommand())
    .addCommand(statusCommand())
    .addCommand(reportCommand())
    .addCommand(cellCommand(), { hidden: true })
    .addHelpText(
      "after",
      "\nExample:\n  $ autodidact bench run --suite suite.json && autodidact bench report --out report.html",
    );
}
