/** SavedModels are programs of TensorFlow's, which only TensorFlow runs: refused, with the way around. */

function refused(name: string, path: string): Error {
  return new Error(
    `tf.node.${name}: a SavedModel is run by TensorFlow itself, which is not part of @autodidact/tfjs-node; got ${path}. ` +
      "Convert it once, in Python: pip install tensorflowjs, then " +
      `tensorflowjs_converter --input_format=tf_saved_model --output_format=tfjs_graph_model ${path} converted. ` +
      'Load that: await tf.loadGraphModel("file://converted/model.json").',
  );
}

/** Rejects: see the error. */
export async function loadSavedModel(path: string, _tags?: string[], _signature?: string): Promise<never> {
  throw refused("loadSavedModel", path);
}

/** Rejects: see the error. */
export async function getMetaGraphsFromSavedModel(path: string): Promise<never> {
  throw refused("getMetaGraphsFromSavedModel", path);
}

/** How many SavedModels are loaded: none ever is. */
export function getNumOfSavedModels(): number {
  return 0;
}
