/**
 * Questions to the server: JSON there and back; what went wrong comes as words for the reader.
 */
import type { ErrorView } from "../../api.js";

export class AskError extends Error {
  override readonly name = "AskError";
  /** Of a form; undefined where the error is of the whole. */
  readonly field: string | undefined;

  constructor(message: string, field?: string) {
    super(message);
    this.field = field;
  }
}

/** at`api/runs/${id}`: what is put in is encoded, so that no id can become a path. */
export function at(texts: TemplateStringsArray, ...parts: readonly (string | number)[]): string {
  return texts.reduce((path, text, place) => `${path}${encodeURIComponent(String(parts[place - 1]))}${text}`);
}

export function ask<T>(path: string, signal?: AbortSignal): Promise<T> {
  return answerOf<T>(path, { signal: signal ?? null, headers: { accept: "application/json" } });
}

export function post<T>(path: string, body: unknown): Promise<T> {
  return answerOf<T>(path, {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function answerOf<T>(path: string, request: RequestInit): Promise<T> {
  const response = await fetch(path, request).catch((cause: unknown) => {
    if (request.signal?.aborted) throw cause;
    throw new AskError("The server does not answer. Is `autodidact dashboard` still running?");
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok && body !== undefined) return body as T;
  const { error, field } = (body ?? {}) as Partial<ErrorView>;
  throw new AskError(error ?? `The server answered ${response.status} to ${path}.`, field);
}
