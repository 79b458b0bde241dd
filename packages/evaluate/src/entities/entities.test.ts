import { createRandom } from "@autodidact/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judge } from "../judge.js";
import { oracle } from "../testing/oracle.js";
import { entitiesIn } from "./entities-in.js";
import { entityF1, entityMetrics, entityPrecision, entityRecall, entityTypes } from "./entity-f1.js";

interface SeqevalCase {
  readonly name: string;
  readonly truth: string[][];
  readonly labels: string[][];
  readonly entities: [type: string, first: number, last: number][][];
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
  readonly types: string[];
  readonly perType: { precision: number; recall: number; f1: number; examples: number }[];
}

/** From seqeval: tools/oracles/translation_and_entity_oracles.py */
const { cases } = oracle<{ cases: SeqevalCase[] }>("entities");

describe("entitiesIn", () => {
  it("by hand: an entity of two, one that I- begins, one of another type", () => {
    expect(entitiesIn(["B-PER", "I-PER", "O", "I-LOC", "I-ORG"])).toEqual([
      { type: "PER", first: 0, last: 1 },
      { type: "LOC", first: 3, last: 3 },
      { type: "ORG", first: 4, last: 4 },
    ]);
  });

  it("finds again what was written as IOB2, whatever it was", () => {
    const entity = fc.record({
      type: fc.constantFrom("PER", "A-B"),
      gap: fc.nat(2),
      length: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(entity), (wanted) => {
        const labels: string[] = [];
        const expected = wanted.map(({ type, gap, length }) => {
          labels.push(...new Array<string>(gap).fill("O"));
          const first = labels.length;
          for (let place = 0; place < length; place += 1) labels.push(`${place === 0 ? "B" : "I"}-${type}`);
          return { type, first, last: labels.length - 1 };
        });
        expect(entitiesIn(labels)).toEqual(expected);
      }),
    );
  });
});

describe("F1, precision and recall of entities", () => {
  it.each(cases)("are seqeval's: $name", (expected) => {
    const { truth, labels, entities, types } = expected;
    const found = labels.map((own) => entitiesIn(own).map(({ type, first, last }) => [type, first, last]));
    expect(found).toEqual(entities);
    expect(entityF1.overall({ labels, truth })).toBeCloseTo(expected.f1, 12);
    expect(entityPrecision.overall({ labels, truth })).toBeCloseTo(expected.precision, 12);
    expect(entityRecall.overall({ labels, truth })).toBeCloseTo(expected.recall, 12);
    expect(entityTypes([...truth, ...labels])).toEqual(types);
    const scores = entityF1.perClass!([{ labels, truth }], { types, train: truth });
    for (const [place, own] of expected.perType.entries()) {
      const { learnedFrom, ...score } = scores[place]!;
      expect(learnedFrom).toBe(own.examples);
      for (const name of ["precision", "recall", "f1", "examples"] as const)
        expect(score[name]).toBeCloseTo(own[name], 12);
    }
  });

  it("of a draw of sentences are those of a corpus that has them so often; of none it is left open", () => {
    const { truth, labels } = cases.at(-1)!;
    const counts = Float64Array.from(truth, (_, sentence) => sentence % 3);
    const drawn = (all: readonly string[][]) => all.flatMap((own, i) => new Array<string[]>(counts[i]!).fill(own));
    const expected = entityF1.overall({ labels: drawn(labels), truth: drawn(truth) });
    expect(entityF1.resampled!({ labels, truth })(counts)).toBeCloseTo(expected, 12);
    expect(entityF1.resampled!({ labels: [["O"]], truth: [["O"]] })(Float64Array.of(1))).toBeNaN();
  });

  it("are judged together, with an interval", () => {
    const { truth, labels, types } = cases.at(-2)!;
    const told = { random: createRandom(0), seeds: [0] };
    const scores = judge(entityMetrics, { given: { types, train: truth }, answers: [{ labels, truth }] }, told);
    expect(scores.map(({ metric }) => metric.name)).toEqual(["f1", "precision", "recall"]);
    expect(scores[0].interval![0]).toBeLessThan(scores[0].value);
    expect(scores[0].perClass).toHaveLength(3);
  });

  it("refuse labels of other tokens", () => {
    expect(() => entityF1.overall({ labels: [["O"]], truth: [["O", "O"]] })).toThrow(
      "got 1 labels for the 2 tokens of sentence 0",
    );
    expect(() => entityF1.overall({ labels: [], truth: [["O"]] })).toThrow("no labels for the 1 tokens");
  });
});
