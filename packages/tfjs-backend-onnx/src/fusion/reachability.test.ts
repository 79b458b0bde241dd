import fc from "fast-check";
import { expect, test } from "vitest";
import { Reachability } from "./reachability.js";

/** Graphs as lists of what each unit reads, and pairs of units to merge where that is allowed. */
const drawing = fc
  .array(fc.array(fc.nat(1000), { maxLength: 3 }), { minLength: 2, maxLength: 40 })
  .map((lists) => lists.map((reads, unit) => (unit === 0 ? [] : [...new Set(reads.map((read) => read % unit))])));
const pairs = fc.array(fc.tuple(fc.nat(1000), fc.nat(1000)), { maxLength: 60 });

/** Paths looked for step by step. */
class Plain {
  constructor(private readonly reads: Set<number>[]) {}

  isBefore(from: number, to: number): boolean {
    const seen = new Set<number>();
    const stack = [to];
    while (stack.length > 0) {
      for (const read of this.reads[stack.pop()!]!) {
        if (read === from) return true;
        if (!seen.has(read)) stack.push(read);
        seen.add(read);
      }
    }
    return false;
  }

  isApart(a: number, b: number): boolean {
    const around = (from: number, to: number) =>
      [...this.reads[to]!].some((read) => read !== from && this.isBefore(from, read));
    return !around(a, b) && !around(b, a);
  }

  merge(a: number, b: number): void {
    this.reads[a] = new Set([...this.reads[a]!, ...this.reads[b]!]);
    this.reads[b] = new Set();
    for (const read of this.reads) if (read.delete(b)) read.add(a);
    this.reads[a]!.delete(a);
  }
}

test("units come before one another as a search along the edges finds, whatever was merged", () => {
  fc.assert(
    fc.property(drawing, pairs, (graph, merges) => {
      const reachability = new Reachability(graph.length);
      for (const [unit, reads] of graph.entries()) reachability.add(unit, reads);
      const plain = new Plain(graph.map((reads) => new Set(reads)));
      const alive = [...graph.keys()];
      for (const [first, second] of merges) {
        const [a, b] = [alive[first % alive.length]!, alive[second % alive.length]!];
        if (a === b) continue;
        expect(reachability.isBefore(a, b)).toBe(plain.isBefore(a, b));
        expect(reachability.isApart(a, b)).toBe(plain.isApart(a, b));
        if (!plain.isApart(a, b)) continue;
        reachability.merge(a, b);
        plain.merge(a, b);
        alive.splice(alive.indexOf(b), 1);
      }
    }),
    { numRuns: 300 },
  );
});
