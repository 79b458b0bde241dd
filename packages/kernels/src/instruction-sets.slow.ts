/**
 * The unit tests of the Rust kernels on processors that this machine does not have, by QEMU where it is there (Debian: qemu-user,
 * gcc-aarch64-linux-gnu, and `rustup target add aarch64-unknown-linux-gnu`).
 */
import { expect, test } from "vitest";
import { buildUnitTests, isInstalled, passUnitTestsUnder, run } from "./testing/unit-tests.js";

const ARM = "aarch64-unknown-linux-gnu";

/** What the library says that it chose. */
const chosen = (output: string) => /instructions: (\S+)/.exec(output)?.[1];

test("without vector instructions", ({ skip }) => {
  skip(process.arch !== "x64", "this is not an x64 machine");
  for (const needed of ["qemu-x86_64", "cargo"]) skip(!isInstalled(needed), `${needed} is not installed`);
  const nehalem = ["-cpu", "Nehalem"]; // of 2008: no AVX
  expect(chosen(passUnitTestsUnder("qemu-x86_64", nehalem, buildUnitTests(["--release"])))).toBe("plain");
});

test("on ARM", ({ skip }) => {
  const compiler = "aarch64-linux-gnu-gcc";
  for (const needed of ["qemu-aarch64", compiler, "cargo"]) skip(!isInstalled(needed), `${needed} is not installed`);
  const has = run("rustup", ["target", "list", "--installed"]);
  skip(has.status !== 0 || !has.stdout.includes(ARM), `rustup has no ${ARM}`);
  const linker = { CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER: compiler };
  const program = buildUnitTests(["--release", "--target", ARM], linker);
  expect(chosen(passUnitTestsUnder("qemu-aarch64", ["-L", "/usr/aarch64-linux-gnu"], program))).toBe("neon");
});
