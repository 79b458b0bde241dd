/** Runs of a few seconds, one of each kind, that save often. */
export interface SmallRun {
  readonly name: string;
  readonly steps: number;
  /** Arguments of `pretrain` that begin it, but for --out. */
  readonly begin: readonly string[];
  /** Those that go on with it, but for --out. */
  readonly resume: readonly string[];
}

const engine = ["--engine", process.env.AUTODIDACT_TEST_ENGINE ?? "onnx"];

/** On `writeStripes(stripes)` and `writeReports(reports)`. */
export function smallRuns(stripes: string, reports: string, steps: number): readonly SmallRun[] {
  const common = ["--steps", String(steps), "--save-every", "2", ...engine];
  return [
    {
      name: "images",
      steps,
      begin: ["simclr", "--data", stripes, "--width", "2", "--batch-size", "8", ...common],
      resume: ["simclr", "--resume", "--save-every", "2", ...engine],
    },
    {
      name: "text",
      steps,
      begin: [
        ...["masked-lm", "--data", reports, "--layers", "1", "--heads", "1", "--width", "16"],
        ...["--vocabulary-size", "80", "--context", "32", "--batch-size", "4", ...common],
      ],
      resume: ["masked-lm", "--resume", "--save-every", "2", ...engine],
    },
  ];
}
