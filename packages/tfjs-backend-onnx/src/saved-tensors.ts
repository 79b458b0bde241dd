/**
 * What gradients need later, kept without calls. For each such tensor TensorFlow.js runs its kernel Identity and writes that on the
 * tape, where only gradients of gradients follow it: more than a quarter of all calls of a transformer's step.
 */
import { engine, type KernelBackend, type Tensor, type TensorInfo } from "@tensorflow/tfjs-core";

/** TensorFlow.js's engine as far as it is used here; it declares these private. */
interface Engine {
  readonly backendName: string;
  readonly backend: KernelBackend;
  readonly state: {
    /** Tells how many gradients are being taken, one inside the other. */
    readonly gradientDepth: number;
    readonly tensorInfo: WeakMap<object, { readonly backend: KernelBackend }>;
  };
  /** Makes a copy to be saved, since tensors of the user's may be disposed of before it is read. */
  clone(x: Tensor): Tensor;
  makeTensorFromTensorInfo(info: TensorInfo): Tensor;
}

/** While `backendName` is the current backend and gradients are not themselves differentiated, saved tensors share their data. */
export function saveWithoutCalls(backendName: string): void {
  const own = engine() as unknown as Engine;
  const clone: Engine["clone"] = Object.getPrototypeOf(own).clone;
  own.clone = (x) => {
    const isShared =
      own.state.gradientDepth === 1 &&
      own.backendName === backendName &&
      x.dtype !== "complex64" &&
      own.state.tensorInfo.get(x.dataId)?.backend === own.backend;
    if (!isShared) return clone.call(own, x);
    own.backend.incRef(x.dataId);
    return own.makeTensorFromTensorInfo({ dataId: x.dataId, shape: x.shape, dtype: x.dtype });
  };
}
