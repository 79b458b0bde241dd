/**
 * Writes one part of a corpus, training or validation: its tokens, and where sentences and documents begin.
 */
import { join } from "node:path";
import { type NumberFile, type NumberWriter, numberWriter } from "./number-file.js";

/** What lies on the disk for one part. */
export interface StoredCorpus {
  /** Bytes of the text in UTF-8. */
  readonly bytes: number;
  readonly tokens: NumberFile;
  readonly sentences: NumberFile;
  readonly documents: NumberFile;
}

export type PartName = "train" | "validation";

export const fileNames = (part: PartName) => ({
  tokens: `${part}-tokens.bin`,
  sentences: `${part}-sentences.bin`,
  documents: `${part}-documents.bin`,
});

export interface CorpusWriter {
  readonly tokens: number;
  /** The tokens of one sentence; none are passed over. */
  addSentence(ids: ArrayLike<number>): void;
  /** What comes belongs to another document. */
  startDocument(): void;
  addBytes(bytes: number): void;
  flush(): Promise<void>;
  finish(): Promise<StoredCorpus>;
  close(): Promise<void>;
}

export async function corpusWriter(folder: string, part: PartName, vocabularySize: number): Promise<CorpusWriter> {
  const names = fileNames(part);
  const tokens = await numberWriter(join(folder, names.tokens), vocabularySize <= 2 ** 16 ? "uint16" : "uint32");
  const sentences = await numberWriter(join(folder, names.sentences), "uint32");
  const documents = await numberWriter(join(folder, names.documents), "uint32");
  const each = async (act: (file: NumberWriter) => Promise<void>) => {
    for (const file of [tokens, sentences, documents]) await act(file);
  };
  let bytes = 0;
  let isNewDocument = true;

  return {
    get tokens() {
      return tokens.length;
    },
    startDocument() {
      isNewDocument = true;
    },
    addSentence(ids) {
      if (ids.length === 0) return;
      if (isNewDocument) documents.add([sentences.length]);
      isNewDocument = false;
      sentences.add([tokens.length]);
      tokens.add(ids);
    },
    addBytes(more) {
      bytes += more;
    },
    flush: () => each((file) => file.flush()),
    async finish() {
      documents.add([sentences.length]);
      sentences.add([tokens.length]);
      return {
        bytes,
        tokens: await tokens.finish(),
        sentences: await sentences.finish(),
        documents: await documents.finish(),
      };
    },
    close: () => each((file) => file.close()),
  };
}
