/**
 * Energy by RAPL, the counters of Intel's and AMD's processors: packages and, where they are told, memory, of the whole machine.
 *
 * https://www.kernel.org/doc/html/latest/power/powercap/powercap.html
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Energy {
  readonly joules: number;
  /** The counters that were read: `RAPL: package-0, dram`. */
  readonly source: string;
}

export interface NoEnergy {
  /** Why there is no number. */
  readonly why: string;
}

interface Counter {
  readonly name: string;
  readonly file: string;
  /** Microjoules after which it begins at 0 again. */
  readonly range: number;
}

/** A counter goes around in minutes; it is looked at more often than that. */
const LOOK_MS = 30_000;
/** Microjoules in a joule. */
const MICRO = 1e6;

/** Call it at the start; what it gives tells the energy so far. `root` is where Linux shows the counters. */
export function energyMeter(root = "/sys/class/powercap"): () => Energy | NoEnergy {
  const orWhy = <T>(read: () => T): T | NoEnergy => {
    try {
      return read();
    } catch (error) {
      return { why: whyNot(error as NodeJS.ErrnoException, root) };
    }
  };
  const begun = orWhy(() => {
    const counters = countersIn(root);
    return { counters, sum: { read: counters.map(microjoulesIn), microjoules: 0 } };
  });
  if ("why" in begun) return () => begun;
  const { counters, sum } = begun;
  lookAgainAndAgain(counters, sum);
  const source = `RAPL: ${counters.map(({ name }) => name).join(", ")}`;
  return () =>
    orWhy(() => {
      look(counters, sum);
      return { joules: sum.microjoules / MICRO, source };
    });
}

interface Sum {
  /** What the counters said last. */
  read: number[];
  microjoules: number;
}

function look(counters: readonly Counter[], sum: Sum): void {
  const now = counters.map(microjoulesIn);
  for (const [place, { range }] of counters.entries()) {
    const used = now[place]! - sum.read[place]!;
    sum.microjoules += used < 0 ? used + range : used;
  }
  sum.read = now;
}

/** Ends by itself once nobody can ask for the sum. */
function lookAgainAndAgain(counters: readonly Counter[], sum: Sum): void {
  const held = new WeakRef(sum);
  const timer = setInterval(() => {
    const asked = held.deref();
    try {
      if (asked === undefined) clearInterval(timer);
      else look(counters, asked);
    } catch {
      clearInterval(timer); // whoever asks is told why
    }
  }, LOOK_MS);
  timer.unref();
}

const microjoulesIn = ({ file }: Counter) => Number(readFileSync(file, "utf8"));

/** Packages and their memory; cores and graphics are within a package, psys is all of it again. */
function countersIn(root: string): Counter[] {
  const zones = readdirSync(root).filter((name) => /^intel-rapl:\d+(:\d+)?$/.test(name));
  const counters = zones.sort().map((zone) => {
    const text = (name: string) => readFileSync(join(root, zone, name), "utf8").trim();
    return { name: text("name"), file: join(root, zone, "energy_uj"), range: Number(text("max_energy_range_uj")) };
  });
  const own = counters.filter(({ name }) => /^(package|dram)/.test(name));
  if (own.length === 0) throw new Error("no counters");
  return own;
}

function whyNot({ code }: NodeJS.ErrnoException, root: string): string {
  if (code === "EACCES" || code === "EPERM") return `RAPL's counters in ${root} may be read by root alone`;
  return `this machine shows no RAPL counters in ${root}`;
}
