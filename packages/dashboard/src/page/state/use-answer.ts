/**
 * An answer of the server as a component sees it: waited for, failed, or there, and asked for again when the reader or the clock wants it.
 */
import { useCallback, useEffect, useState } from "react";
import { ask } from "./ask.js";
import { useVisibleInterval } from "./use-visible-interval.js";

export type Answer<T> =
  | { readonly status: "waiting" }
  | { readonly status: "failed"; readonly error: string; retry(): void }
  /** `trouble` is why what is shown may be old. */
  | { readonly status: "ready"; readonly value: T; readonly trouble: string | null; retry(): void };

interface Held<T> {
  readonly path: string;
  readonly value: T | undefined;
  readonly error: string | null;
}

/** No question is asked while `path` is null. With `everyMs` it is asked again that often, as long as the page is seen. */
export function useAnswer<T>(path: string | null, everyMs: number | null = null): Answer<T> {
  const [held, setHeld] = useState<Held<T> | null>(null);
  const [round, setRound] = useState(0);
  const retry = useCallback(() => setRound((before) => before + 1), []);
  useVisibleInterval(retry, path === null ? null : everyMs);

  // A new round is a new question.
  useEffect(() => {
    if (path === null) return;
    const control = new AbortController();
    ask<T>(path, control.signal).then(
      (value) => setHeld({ path, value, error: null }),
      (error: Error) => {
        if (control.signal.aborted) return;
        setHeld((before) => ({
          path,
          value: before?.path === path ? before.value : undefined,
          error: error.message,
        }));
      },
    );
    return () => control.abort();
  }, [path, round]);

  if (held === null || held.path !== path) return { status: "waiting" };
  if (held.value !== undefined) return { status: "ready", value: held.value, trouble: held.error, retry };
  return { status: "failed", error: held.error ?? "", retry };
}
