/** Builds packages by turbo, which skips what has not changed. */
import { sayWhetherBuilt } from "./kernels.mjs";
import { runTool } from "./processes.mjs";

/** @type {string[]} No choice of packages: all of them. */
export const everything = [];

/** @param {string[]} packages names of packages; turbo builds what they import first */
export async function build(packages) {
  console.log("Building …"); // the kernels, where Rust is, take a minute the first time
  const choice = packages.map((name) => `--filter=${name}`);
  if ((await turbo("build", choice)) !== 0) throw new Error("build: a package did not build; see the messages above.");
  sayWhetherBuilt();
}

/**
 * @param {string} task a task of turbo.json
 * @param {string[]} [options]
 */
export const turbo = (task, options = []) =>
  runTool("turbo", ["run", task, "--output-logs=errors-only", "--ui=stream", ...options], {
    env: { TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1", TURBO_NO_UPDATE_NOTIFIER: "1" },
  });
