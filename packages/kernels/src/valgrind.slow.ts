/**
 * The unit tests of the Rust kernels under valgrind, where both are: no read of memory that nobody wrote, none outside of an allocation.
 *
 * Valgrind's processor has AVX2 and no AVX-512, whatever the machine has: the kernels choose by asking it.
 */
import { test } from "vitest";
import { buildUnitTests, isInstalled, passUnitTestsUnder } from "./testing/unit-tests.js";

test("valgrind finds nothing in the kernels", ({ skip }) => {
  for (const needed of ["valgrind", "cargo"]) skip(!isInstalled(needed), `${needed} is not installed`);
  const program = buildUnitTests(["--profile", "valgrind"]);
  passUnitTestsUnder("valgrind", ["--error-exitcode=1", "--num-callers=20"], program);
});
