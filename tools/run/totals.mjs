/**
 * Counts of the single totals line. A part that ends badly without a failed test (crash, unreadable file) counts as one failure:
 * the line never says `0 failed` over a broken run.
 */

/** @typedef {{ passed: number, failed: number }} Counts */

/**
 * @param {string | undefined} report of vitest's json reporter
 * @param {number} exitCode
 * @returns {Counts}
 */
export function vitestCounts(report, exitCode) {
  if (report === undefined) return { passed: 0, failed: 1 };
  /** @type {{ numPassedTests: number, numFailedTests: number, testResults: { status: string, assertionResults: unknown[] }[] }} */
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(report);
  const unloadable = testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  ).length;
  return atLeastOneFailure({ passed: numPassedTests, failed: numFailedTests + unloadable }, exitCode);
}

/**
 * @param {string | undefined} report written by conformance --json
 * @param {number} exitCode
 * @returns {Counts}
 */
export function conformanceCounts(report, exitCode) {
  if (report === undefined) return { passed: 0, failed: 1 };
  const { passed, failed } = JSON.parse(report);
  return atLeastOneFailure({ passed, failed }, exitCode);
}

/**
 * @param {string} text what cargo test printed
 * @param {number} exitCode
 * @returns {Counts}
 */
export function cargoCounts(text, exitCode) {
  const results = [...text.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed/gm)];
  const counts = results.map(([, passed, failed]) => ({ passed: Number(passed), failed: Number(failed) }));
  return atLeastOneFailure(sum(counts), exitCode);
}

/**
 * @param {readonly Counts[]} counts
 * @returns {Counts}
 */
export function sum(counts) {
  const total = { passed: 0, failed: 0 };
  for (const { passed, failed } of counts) {
    total.passed += passed;
    total.failed += failed;
  }
  return total;
}

/** @param {Counts} counts */
export const totalsLine = ({ passed, failed }) => `${passed} passed, ${failed} failed`;

/**
 * @param {Counts} counts
 * @param {number} exitCode
 * @returns {Counts}
 */
function atLeastOneFailure(counts, exitCode) {
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
