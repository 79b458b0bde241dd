/**
 * A causal model that remembers the keys and values of the tokens it has read, so that one more token costs one token.
 */
import { compileStep, scaledDotProductAttention, type Tensors } from "@autodidact/core";
import {
  concat,
  dispose,
  equal,
  gather,
  lessEqual,
  range,
  reshape,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tensor1d,
  tensor2d,
  where,
  zeros,
} from "@tensorflow/tfjs-core";
import { paddedLength } from "../examples/padded-length.js";
import type { CausalModel } from "../models/token-model.js";

export interface CausalMemory {
  /** Forgets all, and reads tokens from the first place on, maxLength at most; the scores of the token after them [V]. */
  read(ids: readonly number[]): Promise<Float32Array>;
  /** Reads one more, if there is a place left; the scores of the token after it [V]. */
  readNext(id: number): Promise<Float32Array>;
  /**
   * Reads one more for each of several texts that go on from those read before, `from` says which (after `read` there is one, 0); the scores
   * of the tokens after them [texts · V].
   */
  readEach(ids: readonly number[], from: readonly number[]): Promise<Float32Array>;
  dispose(): void;
}

/** Keys and values of each layer, [texts, heads, maxLength, d]: those of places not yet read mean nothing. */
type Remembered = { readonly [name: string]: Tensor };

/** Steps of fixed shapes are compiled: one for many tokens, for each padded length anew, one for a single token, one for a token of each of several texts. */
export function causalMemory(model: CausalModel): CausalMemory {
  const { encoder, heads } = model;
  const { maxLength } = encoder;
  const width = encoder.featureSize / heads; // d
  let remembered: Remembered = {};
  let length = 0;

  const readMany = compileStep(({ ids, last }: { ids: Tensor2D; last: Tensor1D }) => {
    const made: Record<string, Tensor> = {};
    const states = model.transform(ids, (layer) => (q, k, v) => {
      made[`keys${layer}`] = withRoom(k, maxLength);
      made[`values${layer}`] = withRoom(v, maxLength);
      return scaledDotProductAttention(q, k, v, { causal: true });
    });
    const rows = reshape(states, [-1, encoder.featureSize]); // [T, D]
    return { scores: model.scoreTokens(gather(rows, last) as Tensor2D), remembered: made };
  });

  const readOne = compileStep(({ id, place, before }: { id: Tensor2D; place: Tensor1D; before: Remembered }) =>
    oneMore(id, place, (name) => before[name]!),
  );

  const readSeveral = compileStep(
    ({ ids, place, from, before }: { ids: Tensor2D; place: Tensor1D; from: Tensor1D; before: Remembered }) =>
      oneMore(ids, place, (name) => gather(before[name]!, from)),
  );

  /** Ids [texts, 1] at one place. */
  function oneMore(ids: Tensor2D, place: Tensor1D, before: (name: string) => Tensor) {
    const made: Record<string, Tensor> = {};
    const places = range(0, maxLength, 1, "int32");
    const isHere = reshape(equal(places, place), [1, 1, maxLength, 1]);
    const mask = reshape(lessEqual(places, place), [1, 1, 1, maxLength]);
    const states = model.transform(
      ids,
      (layer) => (q, k, v) => {
        const keys = where(isHere, k, before(`keys${layer}`)) as Tensor4D; // [texts, heads, maxLength, d]
        const values = where(isHere, v, before(`values${layer}`)) as Tensor4D;
        made[`keys${layer}`] = keys;
        made[`values${layer}`] = values;
        return scaledDotProductAttention(q, keys, values, { mask });
      },
      place,
    );
    return { scores: model.scoreTokens(reshape(states, [-1, encoder.featureSize])), remembered: made };
  }

  /** Takes what a step made, and gives back its scores. */
  async function taken(made: { scores: Tensor; remembered: Remembered }, inputs: Tensors): Promise<Float32Array> {
    dispose([inputs, remembered]);
    remembered = made.remembered;
    const scores = (await made.scores.data()) as Float32Array;
    made.scores.dispose();
    return scores;
  }

  async function read(ids: readonly number[]): Promise<Float32Array> {
    length = ids.length;
    const padded = new Int32Array(paddedLength(length, maxLength));
    padded.set(ids);
    const inputs = { ids: tensor2d(padded, [1, padded.length], "int32"), last: tensor1d([length - 1], "int32") };
    return taken(await readMany(inputs), inputs);
  }

  async function readNext(id: number): Promise<Float32Array> {
    const inputs = { id: tensor2d([id], [1, 1], "int32"), place: tensor1d([nextPlace()], "int32") };
    return taken(await readOne({ ...inputs, before: remembered }), inputs);
  }

  async function readEach(ids: readonly number[], from: readonly number[]): Promise<Float32Array> {
    const inputs = {
      ids: tensor2d([...ids], [ids.length, 1], "int32"),
      place: tensor1d([nextPlace()], "int32"),
      from: tensor1d([...from], "int32"),
    };
    return taken(await readSeveral({ ...inputs, before: remembered }), inputs);
  }

  function nextPlace(): number {
    if (length >= maxLength) throw new RangeError(`causalMemory: all ${maxLength} places are taken. Read a part anew.`);
    length += 1;
    return length - 1;
  }

  function withRoom(part: Tensor4D, places: number): Tensor {
    const free = places - part.shape[2];
    return free === 0 ? part : concat([part, zeros([1, heads, free, width])], 2);
  }

  return {
    read,
    readNext,
    readEach,
    dispose() {
      dispose([remembered]);
      remembered = {};
      readMany.dispose();
      readOne.dispose();
      readSeveral.dispose();
    },
  };
}
