/**
 * What depends on an answer of the server: a word while it is waited for, the error with a way to ask again, or what it is for.
 */
import type { ReactNode } from "react";
import type { Answer } from "../state/use-answer.js";
import { Notice } from "./notice.js";

export interface AnsweredProps<T> {
  readonly answer: Answer<T>;
  /** What is asked for: "the runs". */
  readonly what: string;
  children(value: T): ReactNode;
}

export function Answered<T>({ answer, what, children }: AnsweredProps<T>) {
  if (answer.status === "waiting") return <Waiting what={what} />;
  if (answer.status === "failed") return <Trouble what={what} error={answer.error} retry={answer.retry} />;
  return (
    <>
      {answer.trouble !== null && (
        <Trouble what={`${what} anew; what follows may be old`} error={answer.trouble} retry={answer.retry} />
      )}
      {children(answer.value)}
    </>
  );
}

export function Waiting({ what }: { what: string }) {
  return (
    <p className="waiting" role="status">
      Reading {what} …
    </p>
  );
}

export function Trouble({ what, error, retry }: { what: string; error: string; retry(): void }) {
  return (
    <Notice kind="bad">
      <p>
        <strong>Could not read {what}.</strong> {error}
      </p>
      <button type="button" onClick={retry}>
        Try again
      </button>
    </Notice>
  );
}
