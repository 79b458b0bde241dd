/** Who is taught: `pretrained` and `from scratch` alternate, a pair a seed. */
export interface TaughtContender {
  readonly contender: "pretrained" | "from scratch";
  readonly seed: number;
}

/** The answers of both contenders, in the order of the seeds. */
export function byContender<Result extends Pick<TaughtContender, "contender">, Answer>(
  results: readonly Result[],
  answerOf: (result: Result) => Answer,
) {
  const of = (name: Result["contender"]) => results.filter(({ contender }) => contender === name).map(answerOf);
  return { pretrained: of("pretrained"), fromScratch: of("from scratch") };
}
