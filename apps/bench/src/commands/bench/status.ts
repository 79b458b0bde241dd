/**
 * `autodidact bench status`: what a store holds.
 */

import process from "node:process";
import { counted } from "@autodidact/core";
import { describeCell, describeDamage } from "@autodidact/evaluate";
import { Command } from "commander";
import { existingStore, storeOption } from "./store-option.js";

export function statusCommand(): Command {
  return new Command("status")
    .description("What a store holds: cells that are done, those that failed and why, lines that cannot be read.")
    .addOption(storeOption())
    .addHelpText("after", "\nExample:\n  $ autodidact bench status --store bench")
    .action(async ({ store: folder }: { store: string }) => {
      const store = await existingStore(folder);
      const failed = store.cells.filter(({ outcome }) => outcome.status === "failed").length;
      const lines = [
        ...store.cells.map(describeCell),
        `${counted(store.cells.length, "cells")}: ${store.cells.length - failed} done, ${failed} failed.`,
        ...describeDamage(store),
      ];
      process.stdout.write(`${lines.join("\n")}\n`);
    });
}
