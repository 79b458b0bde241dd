/** Knows which units of a graph come before which, while units are merged, by a set of bits for each. */
export class Reachability {
  private readonly before: Uint32Array[] = [];
  private readonly words: number;
  private readonly reads: Set<number>[] = [];
  /** Units that are part of no other, and the place of each in this list. */
  private readonly alive: number[] = [];
  private readonly placeOf: number[] = [];

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
    this.placeOf[unit] = this.alive.push(unit) - 1;
  }

  /** Tells whether a path from one to the other leaves both: merged, they would wait for themselves. */
  isApart(a: number, b: number): boolean {
    return !this.isAround(a, b) && !this.isAround(b, a);
  }

  /** Tells whether a path leads from one to the other. */
  isBefore(from: number, to: number): boolean {
    return isMarked(this.before[to]!, from);
  }

  /** Makes `b` part of `a`. */
  merge(a: number, b: number): void {
    const [before, beforeB] = [this.before[a]!, this.before[b]!];
    const gained = { a: new Gain(before, beforeB), b: new Gain(beforeB, before) };
    gained.a.addTo(before);
    unmark(before, a);
    unmark(before, b);
    const reads = new Set([...this.reads[a]!, ...this.reads[b]!]);
    reads.delete(a);
    reads.delete(b);
    this.reads[a] = reads;
    this.reads[b] = new Set();
    this.remove(b);
    for (const unit of this.alive) {
      if (unit === a) continue;
      const other = this.before[unit]!;
      const [hasA, hasB] = [isMarked(other, a), isMarked(other, b)];
      if (!hasB) {
        if (hasA) gained.a.addTo(other);
        continue;
      }
      if (!hasA) {
        gained.b.addTo(other);
        mark(other, a);
      }
      unmark(other, b);
      if (this.reads[unit]!.delete(b)) this.reads[unit]!.add(a);
    }
  }

  private remove(unit: number): void {
    this.before[unit] = new Uint32Array(0);
    const last = this.alive.pop()!;
    if (last === unit) return;
    const place = this.placeOf[unit]!;
    this.alive[place] = last;
    this.placeOf[last] = place;
  }

  private isAround(from: number, to: number): boolean {
    for (const read of this.reads[to]!) if (read !== from && isMarked(this.before[read]!, from)) return true;
    return false;
  }

  private include(set: Uint32Array, other: Uint32Array): void {
    for (let i = 0; i < other.length; i++) set[i]! |= other[i]!;
  }
}

/** What a set lacks of another: nearly always a few words, while sets are as long as the graph. */
class Gain {
  private readonly places: number[] = [];
  private readonly words: number[] = [];

  constructor(own: Uint32Array, other: Uint32Array) {
    for (let i = 0; i < other.length; i++) {
      const lacking = other[i]! & ~own[i]!;
      if (lacking === 0) continue;
      this.places.push(i);
      this.words.push(lacking);
    }
  }

  addTo(set: Uint32Array): void {
    for (let i = 0; i < this.places.length; i++) set[this.places[i]!]! |= this.words[i]!;
  }
}

const isMarked = (set: Uint32Array, unit: number) => ((set[unit >>> 5]! >>> (unit & 31)) & 1) === 1;
const mark = (set: Uint32Array, unit: number) => {
  set[unit >>> 5]! |= 1 << (unit & 31);
};
const unmark = (set: Uint32Array, unit: number) => {
  set[unit >>> 5]! &= ~(1 << (unit & 31));
};
