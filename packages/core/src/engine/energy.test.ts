import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { energyMeter } from "./energy.js";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "autodidact-"));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(root, { recursive: true });
});

const counter = async (zone: string, name: string, microjoules: number, range = 1000e6) => {
  await mkdir(join(root, zone), { recursive: true });
  await writeFile(join(root, zone, "name"), `${name}\n`);
  await writeFile(join(root, zone, "max_energy_range_uj"), `${range}\n`);
  await writeFile(join(root, zone, "energy_uj"), `${microjoules}\n`);
};

it("sums packages and memory, and nothing twice", async () => {
  await counter("intel-rapl:0", "package-0", 10e6);
  await counter("intel-rapl:0:0", "core", 1e6);
  await counter("intel-rapl:0:1", "dram", 5e6);
  await counter("intel-rapl:1", "package-1", 0);
  await counter("intel-rapl:2", "psys", 0);
  await counter("intel-rapl-mmio:0", "package-0", 10e6);
  const energy = energyMeter(root);
  await counter("intel-rapl:0", "package-0", 13e6);
  await counter("intel-rapl:0:0", "core", 900e6);
  await counter("intel-rapl:0:1", "dram", 5.5e6);
  await counter("intel-rapl:1", "package-1", 2e6);
  await counter("intel-rapl:2", "psys", 900e6);
  expect(energy()).toEqual({ joules: 5.5, source: "RAPL: package-0, dram, package-1" });
});

it("goes around with the counter, also between two questions", async () => {
  vi.useFakeTimers();
  await counter("intel-rapl:0", "package-0", 990e6);
  const energy = energyMeter(root);
  await counter("intel-rapl:0", "package-0", 5e6);
  expect(energy()).toMatchObject({ joules: 15 });
  await counter("intel-rapl:0", "package-0", 900e6);
  vi.advanceTimersByTime(30_000);
  await counter("intel-rapl:0", "package-0", 10e6);
  expect(energy()).toMatchObject({ joules: 15 + 895 + 110 });
});

it("says why there is none", async () => {
  expect(energyMeter(join(root, "missing"))()).toEqual({ why: expect.stringContaining("shows no RAPL counters") });
  await counter("intel-rapl:0", "psys", 0);
  expect(energyMeter(root)()).toEqual({ why: expect.stringContaining("shows no RAPL counters") });
});
