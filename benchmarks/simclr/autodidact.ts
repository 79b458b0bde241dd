/**
 * The recipe by `autodidact pretrain simclr` and `autodidact evaluate`.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../harness/command.js";
import { followEpochs } from "../harness/epochs.js";
import { BATCH, type Recipe, stepsPerEpoch, type Trained } from "./recipe.js";

/** Our own defaults are the recipe's where no option stands here. */
function recipe({ epochs, perClass, width, seed }: Recipe): string[] {
  return [
    ["--encoder", "resnet18", "--width", `${width}`, "--stem", "cifar"],
    ["--augment", "cifar10", "--crop-area", "0.2,1", "--flip", "0.5", "--blur-probability", "0"],
    ["--jitter-strength", "0.5", "--jitter-probability", "0.8", "--gray-probability", "0.2"],
    ["--temperature", "0.5", "--projection-size", "128", "--per-class", `${perClass}`],
    ["--epochs", `${epochs}`, "--batch-size", `${BATCH}`, "--warmup", "0.1", "--seed", `${seed}`],
    ["--optimizer", "sgd", "--lr", "0.12", "--momentum", "0.9", "--weight-decay", "5e-4", "--decay", "all"],
  ].flat();
}

export async function trainAutodidact(options: Recipe): Promise<Trained> {
  const { data, engine, threads, perClass, epochs } = options;
  const scratch = mkdtempSync(join(tmpdir(), "bench-simclr-"));
  const run = options.out ?? join(scratch, "run");
  try {
    const command = fileURLToPath(new URL("../../apps/bench/bin/autodidact.mjs", import.meta.url));
    const computing = ["--engine", engine, "--threads", `${threads}`];
    const autodidact = (...parameters: string[]) =>
      runCommand([process.execPath, command, ...parameters, ...computing]);

    mkdirSync(join(run, ".."), { recursive: true });
    const pretraining = autodidact("pretrain", "simclr", "--data", data, "--out", run, ...recipe(options));
    const epochsMs = await followEpochs(
      join(run, "metrics.jsonl"),
      { epochs, stepsPerEpoch: stepsPerEpoch(options) },
      pretraining,
    );
    const { said } = await pretraining;

    const measure = async (protocol: string) => {
      const file = join(scratch, `${protocol}.json`);
      await autodidact(
        "evaluate",
        run,
        "--data",
        data,
        "--per-class",
        `${perClass}`,
        "--protocol",
        protocol,
        "--json",
        file,
      );
      return JSON.parse(readFileSync(file, "utf8")) as EvaluationRecord;
    };
    const [knn, linear] = [await measure("knn"), await measure("linear")];
    return {
      contender: "autodidact",
      version: /^engine: .*?\((.*?)[;)]/m.exec(said)?.[1] ?? engine,
      epochsMs,
      peakResidentBytes: (await pretraining).peakResidentBytes,
      pretrained: { knn: 100 * knn.scores[0].value, linear: 100 * linear.scores[0].value },
      randomInit: {
        knn: 100 * knn.baselines.randomInit[0].value,
        linear: 100 * linear.baselines.randomInit[0].value,
      },
    };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** What is used of @autodidact/evaluate's record. */
interface EvaluationRecord {
  readonly scores: readonly [{ readonly value: number }];
  readonly baselines: { readonly randomInit: readonly [{ readonly value: number }] };
}
