/**
 * A process that tokenizes into a folder until it is killed or done. Arguments: the folder, the corpus's number.
 *
 * Prints `working` when it begins to write, `done` when the corpus is committed.
 */
import { tokenize } from "../corpus/tokenize.js";
import { characterTokenizer } from "./character-tokenizer.js";
import { numberedCorpus } from "./numbered-corpus.js";

const [, , folder, number] = process.argv;
let isTold = false;
const { train, validation } = await tokenize(numberedCorpus(Number(number)), characterTokenizer(), folder!, {
  onProgress() {
    if (!isTold) process.stdout.write("working\n");
    isTold = true;
  },
});
await train.close();
await validation.close();
process.stdout.write("done\n");
