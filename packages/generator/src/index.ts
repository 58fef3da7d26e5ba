export { GeneratorError, type GeneratorErrorCode } from './errors.js';
export { generate, type GenerateHooks, type GenerateResult, generateTokens, type Variation } from './generate.js';
export {
  findLoops,
  FRAME_LOOP_CRITERIA,
  LOOP_CRITERIA,
  loopCriteria,
  type LoopCriteria,
  type LoopSpan,
  LoopTracker,
} from './loops/loop-detection.js';
export { cleanScore } from './music/clean-score.js';
export { type Copy, longestCopy, type ReadableIds } from './music/longest-copy.js';
export type { GenerateOptions, Prime } from './options.js';
export { type Random, seededRandom } from './random.js';
export { applyMask, applyTemperature, minP, penaliseRepetition, softmax, topK, topP } from './sampling/filters.js';
export { argMax, draw, sample, type SamplingOptions } from './sampling/sampler.js';
export type { GeneratedToken } from './token-stream.js';
export { type Curve, parseCurve, valueAt } from './curves.js';
export type { SteeringOptions } from './steering/parse.js';
export { checkWishes, type Obeyed } from './steering/report.js';
export { composeForm, type FormWish } from './form.js';
export { infill, type InfillWish } from './infill.js';
export { metricsAlong, type Stretch } from './music/along.js';
export type { Rank } from './ranking.js';
export type { LiveNote } from './live/chunk.js';
export { type Clock, instantClock, realClock } from './live/clock.js';
export { LiveMusic, type LiveOptions, type LiveSettings } from './live/live-music.js';
export { Channels, type MidiEvent, silence } from './live/midi-events.js';
