/** Something impossible was asked for: the message says which option is at fault, and it is no fault of the program. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
