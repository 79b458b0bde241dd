/**
 * `autodidact doctor`: which engines work on this machine, and how fast.
 *
 * Every engine is tried in a process of its own: a broken driver that takes its process down is then one line of the table.
 */
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import os from "node:os";
import process from "node:process";
import {
  describeKernels,
  type EngineDescription,
  type EngineTrial,
  engineCandidates,
  table,
  tryEngine,
} from "@autodidact/core";
import { version_core } from "@tensorflow/tfjs-core";
import { Command, Option } from "commander";
import pc from "picocolors";

const PROBE_MS = 60_000;

type Finding = { works: EngineTrial } | { fails: string };

export function doctorCommand(): Command {
  return new Command("doctor")
    .description(
      "What works on this machine: engines, providers, threads, versions, and a one-second speed check of each.",
    )
    .addOption(new Option("--probe <engine/provider>", "one of them, as JSON").choices(engineCandidates).hideHelp())
    .addHelpText("after", "\nExample:\n  $ autodidact doctor")
    .action(async ({ probe }: { probe?: string }) => {
      if (probe === undefined) await examine();
      else process.stdout.write(JSON.stringify(await tryEngine(probe)));
    });
}

async function examine(): Promise<void> {
  const { model = "unknown processor" } = os.cpus()[0] ?? {};
  process.stdout.write(
    [
      `node          ${process.version}, ${os.platform()} ${os.arch()}`,
      `processor     ${model.trim()}, ${os.availableParallelism()} threads, ${(os.totalmem() / 2 ** 30).toFixed(1)} GiB`,
      `tfjs-core     ${version_core}`,
      `onnxruntime   ${onnxruntimeVersion()}`,
      "",
      "",
    ].join("\n"),
  );
  const working: string[][] = [];
  const failing: string[] = [];
  let kernels: EngineDescription["kernels"] = null;
  for (const candidate of engineCandidates) {
    if (candidate === "onnx/cpu/no-kernels" && kernels && "absent" in kernels) continue; // measured already
    const finding = await probed(candidate);
    const [engine, provider] = candidate.split("/") as [string, string];
    if ("works" in finding) {
      const { version, threads, speed } = finding.works;
      const pace = `${speed.gigaflopsPerSecond.toPrecision(3)} GFLOP/s at ${speed.size}³`;
      working.push([engine, provider, version, String(threads ?? "–"), kernelsOf(finding.works), pace]);
      if (candidate === "onnx/cpu") kernels = finding.works.kernels;
    } else {
      failing.push(`  ${engine} on ${provider}: ${finding.fails}`);
    }
  }
  if (working.length > 0) {
    const head = ["engine", "provider", "version", "threads", "kernels", "matrix product"];
    process.stdout.write(`${table(head, working, { left: 3 })}\n`);
  }
  if (kernels) process.stdout.write(`\n${describeKernels(kernels)}\n`);
  if (failing.length > 0) process.stdout.write(pc.dim(`\nNot here:\n${failing.join("\n")}\n`));
  if (working.length === 0) {
    throw new Error(
      "doctor: no engine works here. Install again on a supported platform: Node 20 or later on x64 or arm64.",
    );
  }
}

/** The kernels in a cell of the table. */
function kernelsOf({ kernels }: EngineDescription): string {
  if (kernels === null) return "–";
  return "absent" in kernels ? "none" : kernels.instructions;
}

function probed(candidate: string): Promise<Finding> {
  const script = process.argv[1]!;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [script, "doctor", "--probe", candidate],
      { timeout: PROBE_MS },
      (error, output, errors) => {
        if (error === null) return resolve({ works: JSON.parse(output) as EngineTrial });
        // The last one is ours; graphics drivers have their say before.
        const said = [...errors.matchAll(/error: (?:\w+: )?(.*)/g)].at(-1)?.[1];
        const ended = error.killed
          ? `no answer in ${PROBE_MS / 1000} s`
          : `its process ended by ${error.signal ?? error.code}`;
        resolve({ fails: said ?? ended });
      },
    );
  });
}

function onnxruntimeVersion(): string {
  try {
    const require = createRequire(createRequire(import.meta.url).resolve("@autodidact/tfjs-backend-onnx"));
    return (require("onnxruntime-node/package.json") as { version: string }).version;
  } catch {
    return "not found";
  }
}
