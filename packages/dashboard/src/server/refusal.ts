/**
 * A question that is not answered, and why: what becomes an `ErrorView`.
 */
import type { ContentfulStatusCode } from "hono/utils/http-status";

export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly status: ContentfulStatusCode,
    message: string,
    /** Which field of what was sent is at fault. */
    readonly field?: string,
  ) {
    super(message);
  }
}
