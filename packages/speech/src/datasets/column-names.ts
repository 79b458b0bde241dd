/**
 * The names that columns of recordings' files, classes, speakers, transcripts and parts usually have.
 */

const FILE =
  /^((audio|sound|wav|clip|recording|rel(ative)?)_?)?(path|file|file_?name|file_?path|location)$|^(audio|sound|wav|flac|mp3|clip|recording|utterance_?path)$/;
const LABEL = /^(labels?|class|class_?name|category|target|word|command|keyword|intent|emotion|digit|cls|label_name)$/;
const SPEAKER = /^(speaker|speaker_?(id|name)|client_?id|spk|spk_?id|spkr|reader|reader_?id|user_?id)$/;
const TRANSCRIPT =
  /^(sentence|text|transcript|transcription|utterance|normali[sz]ed_(text|transcription)|raw_(text|transcription))$/;
const SPLIT = /^((data_?)?(split|set|subset|partition))$/;

/** `Client ID`, `client-id` and `client_id` are one. */
const plain = (name: string) =>
  name
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "_")
    .replaceAll(/^_|_$/g, "");

export const fileColumn = (name: string) => FILE.test(plain(name));
export const labelColumn = (name: string) => LABEL.test(plain(name));
export const speakerColumn = (name: string) => SPEAKER.test(plain(name));
export const transcriptColumn = (name: string) => TRANSCRIPT.test(plain(name));
export const splitColumn = (name: string) => SPLIT.test(plain(name));
