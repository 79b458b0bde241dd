/**
 * Which documents are held out for validation.
 *
 * Many documents: those whose id's hash falls below the share, whatever their order. Few documents: the end of the text, as nanoGPT
 * (https://github.com/karpathy/nanoGPT, data/shakespeare_char/prepare.py) holds out the last tenth of one.
 */
import { createHash } from "node:crypto";
import type { Document } from "../documents/documents.js";

export interface SplitDocument extends Document {
  readonly isHeldOut: boolean;
}

/** With fewer documents the end of the text is held out. */
const fewest = 10;
/** With fewer, so many as the share says are held out; with more, each by its own hash, which comes close to the share. */
const many = 100;

/** The documents again, each marked; with few of them one is cut in two. Reads them twice, of many the beginning only. */
export async function* splitDocuments(
  documents: AsyncIterable<Document>,
  share: number,
): AsyncGenerator<SplitDocument> {
  const ids: string[] = [];
  let length = 0;
  for await (const { id, text, continues } of documents) {
    if (!continues) ids.push(id);
    if (ids.length >= many) break;
    length += text.length;
  }
  if (ids.length < fewest) {
    yield* cutAt(documents, Math.floor((1 - share) * length));
    return;
  }
  const isHeldOut = ids.length < many ? lowest(ids, share) : (id: string) => hashOf(id) < share;
  for await (const document of documents) yield { ...document, isHeldOut: isHeldOut(document.id) };
}

/** The first `place` characters (UTF-16 units, all documents together) are kept, the others held out. */
async function* cutAt(documents: AsyncIterable<Document>, place: number): AsyncGenerator<SplitDocument> {
  let behind = 0;
  let isCut = false;
  for await (const document of documents) {
    const { id, text } = document;
    const kept = withoutHalfCharacter(text, Math.min(text.length, Math.max(0, place - behind)));
    behind += text.length;
    if (kept > 0) yield { ...document, text: text.slice(0, kept), isHeldOut: false };
    if (kept === text.length) continue;
    if (isCut) yield { ...document, isHeldOut: true };
    else yield { id, text: text.slice(kept), isHeldOut: true };
    isCut = true;
  }
}

function withoutHalfCharacter(text: string, length: number): number {
  const isHalf = length > 0 && length < text.length && (text.charCodeAt(length - 1) & 0xfc00) === 0xd800;
  return isHalf ? length - 1 : length;
}

function lowest(ids: readonly string[], share: number): (id: string) => boolean {
  const count = share === 0 ? 0 : Math.max(1, Math.round(share * ids.length));
  const sorted = [...ids].sort((a, b) => hashOf(a) - hashOf(b));
  const chosen = new Set(sorted.slice(0, count));
  return (id) => chosen.has(id);
}

/** A number in [0, 1). */
function hashOf(id: string): number {
  return createHash("sha256").update(id).digest().readUIntBE(0, 6) / 2 ** 48;
}
