/** Models behind http(s) URLs: TensorFlow.js's own handler, under the name that tfjs-node gives it. */
import { io } from "@tensorflow/tfjs";

export function nodeHTTPRequest(path: string, requestInit?: RequestInit, weightPathPrefix?: string): io.IOHandler {
  return io.browserHTTPRequest(path, { requestInit, weightPathPrefix });
}
