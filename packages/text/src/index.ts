export type { DialectOptions } from "@autodidact/core";
export { bert } from "./bert.js";
export type { Corpus } from "./corpus/corpus.js";
export { isCorpusFile, openCorpus, type SplitCorpus } from "./corpus/corpus-cache.js";
export {
  closeCorpus,
  describeCorpus,
  keepTokenizer,
  type ReopenOptions,
  removePrepared,
  reopenTokens,
  type TokensOptions,
  tokenizerFolder,
  tokensFolder,
  tokensOf,
} from "./corpus/prepared-text.js";
export { type TokenizeOptions, type TokenizeProgress, tokenize } from "./corpus/tokenize.js";
export { warningOfUnknown, warningOfUnknownIn } from "./corpus/unknown-pieces.js";
export type { LabelledSentence } from "./documents/conll.js";
export type { CorruptOptions } from "./documents/corrupt-documents.js";
export type { Document, Documents } from "./documents/documents.js";
export type { Judged } from "./documents/label-scheme.js";
export {
  type LabelledText,
  type LabelledTextOptions,
  openLabelledText,
  type TableOptions,
} from "./documents/labelled-text.js";
export { type OpenDocumentsOptions, openDocuments } from "./documents/open-documents.js";
export {
  type LabelledSentences,
  type LabelledSentencesOptions,
  openLabelledSentences,
  readSentences,
} from "./documents/open-labelled-sentences.js";
export { type LabelledTextsOptions, openLabelledTexts } from "./documents/open-labelled-texts.js";
export { openQuestionTask, type QuestionTask, type QuestionTaskOptions } from "./documents/open-question-task.js";
export {
  openTranslations,
  type TranslationPair,
  type Translations,
  type TranslationsOptions,
} from "./documents/open-translations.js";
export { type Answer, type Question, type QuestionsOptions, readQuestions } from "./documents/questions.js";
export { splitSentences } from "./documents/sentences.js";
export { assertBothKinds, describeBalance } from "./examples/balance.js";
export type { ExampleKind, SentencePair, TextBlock, TokenWindow } from "./examples/examples.js";
export { type Examples, type ExamplesOptions, examplesOf, kindOf } from "./examples/examples-of.js";
export { paddedLength } from "./examples/padded-length.js";
export { type ScoredWindowsOptions, scoredWindows } from "./examples/scored-windows.js";
export { type SentencePairs, type SentencePairsOptions, sentencePairs } from "./examples/sentence-pairs.js";
export { type TextBlocksOptions, textBlocks } from "./examples/text-blocks.js";
export { type TokenWindowsOptions, tokenWindows } from "./examples/token-windows.js";
export { type BagOfWords, bagOfWords } from "./features/bag-of-words.js";
export { beginnings, embedDocuments } from "./features/embed-documents.js";
export { type NearestTextsOptions, type NearText, nearestTexts } from "./features/nearest-texts.js";
export { type TextFeaturesOptions, textFeatures } from "./features/text-features.js";
export {
  type ContendersOptions,
  type FineTuningContender,
  type FineTuningProgress,
  fineTuningContenders,
} from "./finetuning/contenders.js";
export { describePairReading, describeSentenceReading } from "./finetuning/describe-reading.js";
export { drawnShare, type LabelShare } from "./finetuning/drawn-share.js";
export { type FineTuneOptions, type FineTuneTold, fineTune } from "./finetuning/fine-tune.js";
export { type FineTuneClassesOptions, type FineTunedClasses, fineTuneClasses } from "./finetuning/fine-tune-classes.js";
export { type FineTunedQuestions, fineTuneQuestions } from "./finetuning/fine-tune-questions.js";
export {
  type FineTunedTokens,
  type FineTuneTokensOptions,
  fineTuneTokens,
  type SentenceReading,
} from "./finetuning/fine-tune-tokens.js";
export {
  type FineTunedTranslation,
  type FineTuneTranslationOptions,
  fineTuneTranslation,
  type PairReading,
} from "./finetuning/fine-tune-translation.js";
export {
  type FineTunedClassifier,
  type FineTunedModel,
  type FineTunedReader,
  type FineTunedTagger,
  type FineTunedTranslator,
  loadFineTuned,
} from "./finetuning/load-fine-tuned.js";
export {
  type AnswerOptions,
  answerQuestions,
  type FoundAnswer,
  findAnswers,
  questionAnswering,
  type SpanBatch,
} from "./finetuning/question-answering.js";
export {
  loadQuestionModel,
  type QuestionModel,
  type QuestionModelOptions,
  questionModel,
} from "./finetuning/question-model.js";
export { type QuestionWindow, type QuestionWindowsOptions, questionWindows } from "./finetuning/question-windows.js";
export {
  type ClassifiedBatch,
  type ClassifiedText,
  classifyTexts,
  sequenceClassification,
} from "./finetuning/sequence-classification.js";
export {
  loadSequenceClassifier,
  type SequenceClassifier,
  type SequenceClassifierOptions,
  sequenceClassifier,
  type TextsBatch,
} from "./finetuning/sequence-classifier.js";
export {
  type LabelledBatch,
  type LabelledWindow,
  type LabelledWords,
  type LabelWordsOptions,
  labelWords,
  tokenClassification,
} from "./finetuning/token-classification.js";
export {
  loadTokenClassifier,
  type TokenClassifier,
  type TokenClassifierOptions,
  tokenClassifier,
} from "./finetuning/token-classifier.js";
export { type TranslationTokenizer, translation, translationWindow } from "./finetuning/translation.js";
export { type Translation, type Translator, type TranslatorOptions, translator } from "./finetuning/translator.js";
export { type WordTokenizer, type WordWindow, type WordWindows, wordWindows } from "./finetuning/word-windows.js";
export { type BeamSearchOptions, beamSearch, type FoundText } from "./generation/beam-search.js";
export { type CausalMemory, causalMemory } from "./generation/causal-memory.js";
export { type Candidate, fillMask } from "./generation/fill-mask.js";
export { type GenerateOptions, generate } from "./generation/generate.js";
export { type WritingOptions, writeOn } from "./generation/write-on.js";
export { type InspectTextsOptions, inspectTexts } from "./inspection/inspect-texts.js";
export { maskedLm } from "./masked-lm.js";
export { type MaskedTokens, type MaskingOptions, maskedCount, maskTokens } from "./masking/mask-tokens.js";
export type { MaskedBatch } from "./masking/masked-batch.js";
export type { PairBatch } from "./masking/pair-batch.js";
export { type HeldOut, type HeldOutLook, type HeldOutOptions, heldOutMeasure } from "./measure/held-out-measure.js";
export {
  type MaskedMeasureOptions,
  measureMaskedLm,
  measurePairs,
  type PairMeasure,
} from "./measure/measure-masked.js";
export { measureNextToken, type NextTokenMeasure, type NextTokenMeasureOptions } from "./measure/measure-next-token.js";
export type { MeasureOptions, RepeatedMeasure } from "./measure/over-batches.js";
export { measurePerplexity, type Perplexity, type PerplexityOptions } from "./measure/perplexity.js";
export {
  type AskedText,
  describePerplexity,
  type PerplexityOfText,
  perplexityOf,
} from "./measure/perplexity-of-run.js";
export type { TokenMeasure } from "./measure/token-tally.js";
export { unigramBaseline } from "./measure/unigram-baseline.js";
export { albertForMaskedLM, albertForPreTraining } from "./models/albert.js";
export { type AlbertConfig, albertConfig } from "./models/albert-config.js";
export {
  type ArchitectureName,
  architectures,
  describeModel,
  type ModelShape,
  placesOf,
} from "./models/architectures.js";
export { bertForMaskedLM, bertForPreTraining } from "./models/bert.js";
export { type BertConfig, bertConfig } from "./models/bert-config.js";
export {
  assertHeads,
  assertMask,
  continuedConfig,
  continuedWeights,
  type Learning,
  type TokenizerSource,
} from "./models/continued-model.js";
export { gpt2LMHeadModel } from "./models/gpt2.js";
export { type Gpt2Config, gpt2Config } from "./models/gpt2-config.js";
export { type Beginning, initialModel } from "./models/initial-model.js";
export { type LoadedTextEncoder, loadTextEncoder } from "./models/load-text-encoder.js";
export { meanOverTokens } from "./models/mean-over-tokens.js";
export { type ModelSize, modelSizes } from "./models/model-size.js";
export { type PaddedBatch, type PaddedBatchOptions, paddedBatch } from "./models/padded-batch.js";
export type { TextEncoder, TextModel, TokenBatch } from "./models/text-encoder.js";
export {
  type DescribedTextModel,
  type LoadedTextModel,
  loadTextModel,
  openTextModel,
  saveTextModel,
} from "./models/text-model-files.js";
export {
  isCausalModel,
  isPairModel,
  type TextModelOptions,
  textModelFromConfig,
} from "./models/text-model-from-config.js";
export type { CausalModel, PairModel, TokenModel } from "./models/token-model.js";
export { nextToken, type WindowBatch } from "./next-token.js";
export type { AskedTexts, PredictTextsOptions } from "./predictions/asked-texts.js";
export { predictTexts } from "./predictions/predict-texts.js";
export { sentenceOrder } from "./sentence-order.js";
export { describeHeldOut, type TextLearnerOptions, textLearner } from "./text-learner.js";
export type { TextMethod } from "./text-method.js";
export { createTokenizer } from "./tokenizer/create-tokenizer.js";
export { type ResidueVocabularyOptions, residueVocabulary } from "./tokenizer/residue-vocabulary.js";
export type {
  EncodedText,
  EncodeTextOptions,
  SpecialIds,
  Tokenizer,
  TokenizerFiles,
} from "./tokenizer/tokenizer.js";
export { readTokenizer, writeTokenizer } from "./tokenizer/tokenizer-files.js";
export { type TrainByteBpeOptions, trainByteBpe } from "./tokenizer/train-byte-bpe.js";
export { type TrainCharactersOptions, trainCharacters } from "./tokenizer/train-characters.js";
export {
  type TokenizerKind,
  type TrainTokenizerOptions,
  tokenizerKinds,
  trainTokenizer,
  VOCABULARY_SIZE,
} from "./tokenizer/train-tokenizer.js";
export { type TrainWordPieceOptions, trainWordPiece } from "./tokenizer/train-wordpiece.js";
export type { TrainerProgress } from "./tokenizer/trainer-progress.js";
export { type MoreTokens, withSeparatorAndEnd } from "./tokenizer/with-special-tokens.js";
