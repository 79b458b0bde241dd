/**
 * Which files may be recordings, by their names. What one is, its bytes tell when it is decoded.
 */

const SOUND = /\.(wav|wave|flac|ogg|oga|opus|mp3|aiff?|aifc|caf)$/i;
const TABLE = /\.(csv|tsv|jsonl|ndjson)(\.gz)?$/i;
const TEXT = /\.(txt|cls|json)$/i;

export const readableSounds = ".wav, .flac, .ogg, .opus, .mp3, .aiff, .caf";

export const isSoundFile = (path: string): boolean => SOUND.test(path);
export const isTableFile = (path: string): boolean => TABLE.test(path);
/** May say something of recordings beside it: transcripts, labels, lists of parts. */
export const isTextFile = (path: string): boolean => TEXT.test(path);

export const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
/** With the slash at its end; empty where there is none. */
export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);
