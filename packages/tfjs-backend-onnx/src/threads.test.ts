import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findKernels } from "@autodidact/kernels";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("./testing/train-on-threads.mjs", import.meta.url));

/** The digest of the parameters after three steps, in a process of its own. */
async function parameters(threads: number, kernels: "kernels" | "plain"): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, String(threads), kernels]);
  expect(stdout).toMatch(/^[0-9a-f]{64}$/);
  return stdout;
}

test("by the kernels, a step has the same bits on 1, 2 and 3 threads, and in every run", async (context) => {
  const found = findKernels();
  context.skip("absent" in found, "absent" in found ? `no kernels: ${found.absent}` : "");
  const one = await parameters(1, "kernels");
  expect(await parameters(1, "kernels")).toBe(one);
  expect(await parameters(2, "kernels")).toBe(one);
  expect(await parameters(2, "kernels")).toBe(one);
  expect(await parameters(3, "kernels")).toBe(one);
  expect(await parameters(1, "plain")).not.toBe(one); // they are another sum: were kernels used at all?
});
