/**
 * Predictions for people: a row each.
 */
import { table } from "../lines/table.js";
import type { Prediction } from "./prediction.js";

const TEXT_SHOWN = 48;
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** All are of one kind. `top` classes are shown of each. */
export function predictionTable(predictions: readonly Prediction[], top: number): string {
  const hasText = predictions.some((prediction) => prediction.kind === "class" && prediction.text !== undefined);
  const isAnswer = predictions[0]?.kind === "answer";
  const head = isAnswer
    ? ["", "question", "answer", "place", "probability"]
    : ["", ...(hasText ? ["text"] : []), "class", "probability", "then"];
  return table(
    head,
    predictions.map((prediction) => rowOf(prediction, top)),
    { left: hasText || isAnswer ? 3 : 2 },
  );
}

function rowOf(prediction: Prediction, top: number): string[] {
  if (prediction.kind === "answer") {
    const { id, question, answer, start, end, probability } = prediction;
    const found = answer === "" ? ["(none)", "–"] : [shortened(answer), `${start}–${end}`];
    return [id, shortened(question), ...found, percent(probability)];
  }
  const { id, text, class: likeliest, probabilities } = prediction;
  const [first, ...others] = probabilities;
  const then = others.slice(0, top - 1).map((one) => `${one.class} ${percent(one.probability)}`);
  return [
    id,
    ...(text === undefined ? [] : [shortened(text)]),
    likeliest,
    percent(first!.probability),
    then.join(", "),
  ];
}

/** In one line. */
function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= TEXT_SHOWN ? line : `${line.slice(0, TEXT_SHOWN - 1)}…`;
}
