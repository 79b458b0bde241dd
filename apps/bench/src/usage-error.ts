/** The user asked for something impossible: exit code 2, no stack trace. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
