/**
 * Examples of a set by their ids, as files of features name them.
 */
interface Named {
  readonly length: number;
  id(index: number): string;
}

export interface Places {
  has(id: string): boolean;
  /** Throws where the set has no such example. */
  get(id: string): number;
}

export function placesOf(dataset: Named): Places {
  const places = new Map<string, number>();
  for (let index = 0; index < dataset.length; index++) places.set(dataset.id(index), index);
  return {
    has: (id) => places.has(id),
    get(id) {
      const place = places.get(id);
      if (place === undefined) throw new Error(`${id} is not in the data any more.`);
      return place;
    },
  };
}
