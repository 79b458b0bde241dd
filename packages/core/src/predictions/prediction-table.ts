/**
 * Predictions for people: a row each.
 */
import { table } from "../lines/table.js";
import type { Prediction } from "./prediction.js";

const TEXT_SHOWN = 48;
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** All are of one kind. `top` classes are shown of each. */
export function predictionTable(predictions: readonly Prediction[], top: number): string {
  const first = predictions[0];
  if (first?.kind === "mask" || first?.kind === "boxes") return placesTable(predictions, top);
  if (first?.kind === "labels") return labelsTable(predictions);
  if (first?.kind === "translation") return translationsTable(predictions);
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
  if (prediction.kind !== "class") return [prediction.id]; // placesTable has these
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

/** A row a word, the name of what it stands in beside the first; of residues, whose labels are letters too, a sequence and below it its labels. */
function labelsTable(predictions: readonly Prediction[]): string {
  const all = predictions.flatMap((prediction) => (prediction.kind === "labels" ? [prediction] : []));
  const isLetter = (text: string) => [...text].length === 1;
  if (all.every(({ tokens }) => tokens.every(({ token, label }) => isLetter(token) && isLetter(label)))) {
    const joined = (tokens: (typeof all)[number]["tokens"], of: "token" | "label") =>
      tokens.map((one) => one[of]).join("");
    const pairs = all.flatMap(({ id, tokens }) => [
      [id, joined(tokens, "token")],
      ["", joined(tokens, "label")],
    ]);
    return table(["", "tokens, and below them their labels"], pairs, { left: 2 });
  }
  const rows = all.flatMap(({ id, tokens }) =>
    tokens.map(({ token, label, probability }, place) => [
      place === 0 ? id : "",
      shortened(token),
      label,
      percent(probability),
    ]),
  );
  return table(["", "token", "label", "probability"], rows, { left: 3 });
}

/** Translations are whole: they are what was asked for. */
function translationsTable(predictions: readonly Prediction[]): string {
  const rows = predictions.flatMap((prediction) =>
    prediction.kind === "translation"
      ? [[prediction.id, shortened(prediction.text), inLine(prediction.translation)]]
      : [],
  );
  return table(["", "text", "translation"], rows, { left: 3 });
}

/** Masks and boxes: a row an image. */
function placesTable(predictions: readonly Prediction[], top: number): string {
  const rows = predictions.flatMap((prediction) => {
    if (prediction.kind === "mask") {
      const shares = prediction.shares.map((one) => `${one.class} ${percent(one.share)}`);
      return [[prediction.id, prediction.mask, shares.join(", ")]];
    }
    if (prediction.kind !== "boxes") return [];
    const boxes = prediction.boxes.slice(0, top).map(({ class: name, score, box }) => {
      return `${name} ${percent(score)} at ${box.map(Math.round).join(", ")}`;
    });
    return [[prediction.id, String(prediction.boxes.length), boxes.join("; ")]];
  });
  const head =
    predictions[0]?.kind === "mask" ? ["", "mask", "pixels"] : ["", "boxes", "x, y, width, height of the surest"];
  return table(head, rows, { left: 3 });
}

/** In one line. */
function shortened(text: string): string {
  const line = inLine(text);
  return line.length <= TEXT_SHOWN ? line : `${line.slice(0, TEXT_SHOWN - 1)}…`;
}

const inLine = (text: string) => text.replace(/\s+/g, " ").trim();
