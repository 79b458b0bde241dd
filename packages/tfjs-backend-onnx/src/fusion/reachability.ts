/** Knows which units of a graph come before which, while units are merged, by a set of bits for each. */
export class Reachability {
  private readonly before: Uint32Array[] = [];
  private readonly words: number;
  private readonly reads: Set<number>[] = [];

  constructor(count: number) {
    this.words = Math.ceil(count / 32);
  }

  /** Units are added in order: each after those it reads. */
  add(unit: number, reads: Iterable<number>): void {
    const before = new Uint32Array(this.words);
    const own = new Set(reads);
    for (const read of own) {
      this.include(before, this.before[read]!);
      mark(before, read);
    }
    this.before[unit] = before;
    this.reads[unit] = own;
  }

  /** Tells whether a path from one to the other leaves both: merged, they would wait for themselves. */
  isApart(a: number, b: number): boolean {
    return !this.isAround(a, b) && !this.isAround(b, a);
  }

  /** Tells whether a path leads from one to the other. */
  isBefore(from: number, to: number): boolean {
    return isMarked(this.before[to]!, from);
  }

  /** Makes `b` part of `a`. `newest` is the last unit added. */
  merge(a: number, b: number, newest: number): void {
    const before = this.before[a]!;
    this.include(before, this.before[b]!);
    unmark(before, a);
    unmark(before, b);
    const reads = new Set([...this.reads[a]!, ...this.reads[b]!]);
    reads.delete(a);
    reads.delete(b);
    this.reads[a] = reads;
    this.reads[b] = new Set();
    this.before[b] = new Uint32Array(0);
    for (let unit = 0; unit <= newest; unit++) {
      const other = this.before[unit]!;
      if (unit === a || other.length === 0) continue;
      const hasB = isMarked(other, b);
      if (!hasB && !isMarked(other, a)) continue;
      this.include(other, before);
      mark(other, a);
      if (!hasB) continue;
      unmark(other, b);
      if (this.reads[unit]!.delete(b)) this.reads[unit]!.add(a);
    }
  }

  private isAround(from: number, to: number): boolean {
    for (const read of this.reads[to]!) if (read !== from && isMarked(this.before[read]!, from)) return true;
    return false;
  }

  private include(set: Uint32Array, other: Uint32Array): void {
    for (let i = 0; i < other.length; i++) set[i]! |= other[i]!;
  }
}

const isMarked = (set: Uint32Array, unit: number) => ((set[unit >>> 5]! >>> (unit & 31)) & 1) === 1;
const mark = (set: Uint32Array, unit: number) => {
  set[unit >>> 5]! |= 1 << (unit & 31);
};
const unmark = (set: Uint32Array, unit: number) => {
  set[unit >>> 5]! &= ~(1 << (unit & 31));
};
