/**
 * A process that reads all documents, or all questions, of a file and tells its peak memory. Arguments: what it holds, its path.
 *
 * Prints JSON: `{ items, characters, megabytes }` or `{ error, megabytes }`; megabytes are those beyond what the process had before.
 */
import { openDocuments } from "../documents/open-documents.js";
import { openLabelledTexts } from "../documents/open-labelled-texts.js";
import { readQuestions } from "../documents/questions.js";

const [, , what, path] = process.argv;

async function read(): Promise<{ items: number; characters: number }> {
  let [items, characters] = [0, 0];
  if (what === "questions") items = (await readQuestions(path!)).length;
  else if (what === "labels") items = (await openLabelledTexts(path!)).train.examples.length;
  else {
    for await (const { text, continues } of await openDocuments(path!)) {
      if (!continues) items += 1;
      characters += text.length;
    }
  }
  return { items, characters };
}

const before = process.resourceUsage().maxRSS;
const told = await read().catch((error: Error) => ({ error: error.message.slice(0, 500) }));
const megabytes = Math.round((process.resourceUsage().maxRSS - before) / 1024);
process.stdout.write(JSON.stringify({ ...told, megabytes }));
