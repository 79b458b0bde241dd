/**
 * A file system that breaks at its n-th operation: once, as a full disk does, or for good, as a killed process does.
 */
import * as node from "node:fs/promises";
import type { FileSystem } from "../checkpoint/commit-file.js";

export interface FailingFiles extends FileSystem {
  /** What was done, in order: `open a`, `write a`, `sync a`, `rename a b`. */
  readonly done: string[];
}

/** A write that breaks leaves the first half of its bytes. */
export function failingFiles(failAt = Number.POSITIVE_INFINITY, how: "full" | "killed" = "full"): FailingFiles {
  const done: string[] = [];
  let count = 0;

  async function attempt<T>(what: string, act: () => Promise<T>, half?: () => Promise<unknown>): Promise<T> {
    count += 1;
    if (how === "killed" ? count >= failAt : count === failAt) {
      await half?.();
      throw Object.assign(new Error(`${how} at ${what}`), { code: how === "full" ? "ENOSPC" : "EKILLED" });
    }
    done.push(what);
    return act();
  }

  async function open(path: string, flags: string): Promise<node.FileHandle> {
    const file = await attempt(`open ${path}`, () => node.open(path, flags));
    return {
      writeFile: (bytes: Uint8Array) =>
        attempt(
          `write ${path}`,
          () => file.writeFile(bytes),
          () => file.writeFile(bytes.subarray(0, bytes.length >> 1)),
        ),
      sync: () => attempt(`sync ${path}`, () => file.sync()),
      close: () => file.close(),
    } as unknown as node.FileHandle;
  }

  return {
    done,
    open: open as FileSystem["open"],
    mkdir: ((path: string, options) =>
      attempt(`mkdir ${path}`, () => node.mkdir(path, options))) as FileSystem["mkdir"],
    readdir: ((path: string) => attempt(`readdir ${path}`, () => node.readdir(path))) as FileSystem["readdir"],
    rename: ((from: string, to: string) =>
      attempt(`rename ${from} ${to}`, () => node.rename(from, to))) as FileSystem["rename"],
    rm: ((path: string, options) => attempt(`rm ${path}`, () => node.rm(path, options))) as FileSystem["rm"],
  };
}
