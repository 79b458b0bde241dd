/** The command inside this process: as `runCli`, but nothing is started, so that it costs little. */
import { vi } from "vitest";
import type { Modalities } from "../src/modalities.js";
import { program, withinItself } from "../src/program.js";

export interface EndedHere {
  readonly output: string;
  readonly errors: string;
  /** What main.ts would have made an exit code of. */
  readonly error: Error | undefined;
}

/** Of what is installed, unless told. */
export async function runHere(args: readonly string[], modalities?: Modalities): Promise<EndedHere> {
  const text = { output: "", errors: "" };
  const into = (name: keyof typeof text) => (part: unknown) => {
    text[name] += String(part);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation(into("output")),
    vi.spyOn(process.stderr, "write").mockImplementation(into("errors")),
  ];
  const root = await program(modalities);
  for (const command of withinItself(root)) {
    command.configureOutput({ writeOut: into("output"), writeErr: into("errors") });
  }
  try {
    await root.parseAsync([...args], { from: "user" });
    return { ...text, error: undefined };
  } catch (error) {
    return { ...text, error: error as Error };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
