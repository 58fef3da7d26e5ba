/** The browser-safe entry of `@rondo/tokenizer`: nothing here needs Node. Files and workers: `@rondo/tokenizer/node`. */

export * from './errors.js';
export type { KeySignature, Note, Pedal, Score, Tempo, TimeSignature, Track } from './score/score.js';
export { TempoMap } from './score/tempo-map.js';

export { DEFAULT_LIMITS, type ReadMidiOptions } from './midi/limits.js';
export { readMidi, readMidiWithReport, type MidiReport } from './midi/read-midi.js';
export { writeMidi } from './midi/write-midi.js';

export { noteName, noteTable, type NoteRow } from './table/note-table.js';
export { noteTableCsv } from './table/csv.js';
export { instrumentNames, trackInstrument } from './table/instrument-names.js';
export { INSTRUMENT_FAMILIES, PART_NAMES, partOf, type PartName } from './table/instrument-families.js';
export { CorpusStatistics, type CorpusSummary, type FileSummary, type NamedCount } from './table/corpus-statistics.js';
export { scoreStatistics, type Histogram, type ScoreStatistics } from './table/statistics.js';

export { findKey, keyName, keyOfHistogram, type KeyEstimate } from './analysis/key.js';
export { musicMetrics, type MusicMetrics } from './analysis/metrics.js';
export { chordToneRate } from './analysis/chord-tone-rate.js';
export { harmonyAgreement, harmonyOf, type Harmony, type HarmonyAgreement } from './analysis/agreement.js';
export { repetition, type NoteLoop, type Repetition } from './analysis/repetition.js';
export { comparedOnsets, CopyFinder, type ComparedOnsets, type NoteCopy } from './analysis/longest-copy.js';
export { SuffixAutomaton } from './analysis/suffix-automaton.js';
export { densities, likeness, type Likeness } from './analysis/distributions.js';
export {
  compareSets,
  FEATURES,
  featureValues,
  type FeatureComparison,
  type FeatureName,
  type MetricSet,
  type SetSummary,
} from './analysis/compare-sets.js';

export type { Grammar, JsonValue, Scheme, SchemeConfig, SchemeFactory, SchemeName } from './schemes/scheme.js';
export { createScheme, schemeNames } from './schemes/registry.js';
export { RemiScheme } from './schemes/remi/remi.js';
export type { RemiPhase } from './schemes/remi/reader.js';
export type { RemiConfig, RemiOptions } from './schemes/remi/config.js';
export { PerformanceScheme } from './schemes/performance/performance.js';
export type { PerformanceConfig, PerformanceOptions } from './schemes/performance/config.js';
export { GridScheme } from './schemes/grid/grid.js';
export type { GridConfig, GridOptions } from './schemes/grid/config.js';
export { ChordScheme } from './schemes/chord/chord.js';
export type { ChordConfig, ChordOptions } from './schemes/chord/config.js';

export { CONDITION_KINDS, conditionToken, type ConditionKind, type ConditionValues } from './conditions/condition.js';
export { conditionTokens } from './conditions/derive.js';

export { SPECIAL_TOKENS, Vocabulary } from './tokenizer/vocabulary.js';
export { Tokenizer } from './tokenizer/tokenizer.js';
export { historyFeed, historyInputs, type HistoryFeed } from './history/history-inputs.js';
export type { History, HistoryInput, KnownHistory } from './history/history.js';
export type { KeyHistory } from './history/key-history.js';
export { openKeys } from './history/key-inputs.js';
export { assertSameTokenizer, type TokenizerSide } from './tokenizer/same-tokenizer.js';
export type { TokenizerJson } from './tokenizer/tokenizer-json.js';
export { GrammarCursor } from './tokenizer/grammar-cursor.js';
export type { Merge } from './tokenizer/merge-table.js';
export { GAP } from './tokenizer/linked-ids.js';
export { learnMerges } from './tokenizer/learn-merges.js';
export { TokenizerError, type TokenizerErrorCode } from './tokenizer/tokenizer-error.js';

export { pitchExtent, shiftVelocity, stretch, transpose } from './augment/augment.js';
export { partAlone } from './augment/alone.js';
export { BarMap, type ScoreBar } from './score-tools/bars.js';
export { cutBars, cutScore, joinScores, sectionsOf } from './score-tools/sections.js';
export { quantiseScore, scaleTicks, type QuantiseOptions } from './score-tools/quantise.js';
export { joinPedals, sustainedEnd } from './score-tools/pedals.js';
export { mergeByInstrument, mergeTracks, splitAtPitch, splitTrack } from './score-tools/tracks.js';
export { noteContentHash } from './score-tools/content-hash.js';
export { skylineBass, skylineMelody } from './score-tools/skyline.js';
export {
  chordOf,
  chordTones,
  findChords,
  type Chord,
  type ChordQuality,
  type ChordSpan,
} from './score-tools/chords.js';
export { NgramModel, type PieceStream } from './baselines/ngram.js';
export { Windows, type WindowPlace } from './dataset/windows.js';
export type * from './dataset/types.js';
export { oneLine } from './one-line.js';
export { seeded } from './seeded.js';
