import { loadBundle, type Bundle } from '@rondo/checkpoint';
import {
  composeForm,
  generate,
  type GeneratedToken,
  type GenerateHooks,
  type GenerateOptions,
  GeneratorError,
  type GenerateResult,
  infill,
} from '@rondo/generator';
import { openDataset } from '@rondo/tokenizer/node';
import type { CommandContext } from '../command.js';
import type { GenerateCommandOptions } from '../generation/generate-options.js';
import { TokenForecast } from '../generation/token-forecast.js';
import { libraryOptions } from '../generation/library-options.js';
import { describePieces, pieceFiles, writePieces, type WrittenPiece } from '../generation/write-pieces.js';
import { refusePrimeOptions, refuseWithoutEffect } from '../generation/without-effect.js';
import { engineOf } from '../options/engine-options.js';
import { readScore } from '../models/read-score.js';
import { assertSameVocabulary } from '../models/same-vocabulary.js';
import { InterruptedError } from '../terminal/exit-codes.js';
import { formatCount, formatDuration } from '../terminal/format.js';
import { startProgress } from '../terminal/progress.js';

/** `rondo generate`: a model → new pieces as MIDI, pictures and sound. */
export async function run(options: GenerateCommandOptions, context: CommandContext): Promise<void> {
  refuseWithoutEffect(options);
  const files = pieceFiles(options);
  const bundle = await loadBundle(options.model, engineOf(options, context.output));
  try {
    refusePrimeOptions(options, bundle.tokenizer);
    const result = await compose(bundle, options, context);
    const pieces = await writePieces(result.variations, files, context.output);
    const { tokens, elapsedSeconds, tokensPerSecond, seed } = result;
    const document = {
      files: pieces,
      tokens,
      seconds: elapsedSeconds,
      tokensPerSecond,
      seed,
      metrics: metricsOf(pieces),
    };
    context.output.result(document, () => describe(result, pieces));
  } finally {
    bundle.network.dispose();
  }
}

async function compose(
  bundle: Bundle,
  options: GenerateCommandOptions,
  { output, signal }: CommandContext,
): Promise<GenerateResult> {
  const progress = startProgress(output, 'composing', 'tokens');
  const wanted = libraryOptions(options, bundle.tokenizer, output);
  const dataset = options.training === undefined ? undefined : await openDataset(options.training);
  const forecast = new TokenForecast(options.count);
  try {
    if (dataset !== undefined) assertSameVocabulary(bundle, dataset);
    const onToken = (token: GeneratedToken) => {
      const { done, total } = forecast.add(token);
      progress.update(done, total);
    };
    return await composeAs(options, bundle, wanted, { signal, training: dataset?.split('train'), onToken }, output);
  } catch (error) {
    if (signal.aborted) throw new InterruptedError('stopped: nothing was written');
    throw error;
  } finally {
    progress.stop();
    await dataset?.close();
  }
}

/** As one piece, in sections, or into a given one. */
function composeAs(
  options: GenerateCommandOptions,
  bundle: Bundle,
  wanted: GenerateOptions,
  hooks: GenerateHooks,
  output: CommandContext['output'],
): Promise<GenerateResult> {
  const { form, infill: file, barsFrom = 1, barsTo = 1, candidates } = options;
  if (form !== undefined) return composeForm(bundle, { form, bars: options.sectionBars }, wanted, hooks);
  if (file === undefined) return generateOrCut(options, bundle, wanted, hooks, output);
  const score = readScore(file, output);
  return infill(bundle, { score, from: barsFrom - 1, to: barsTo, candidates }, wanted, hooks);
}

/** A vocabulary too small for an end on a bar line still gives music, unless that end was asked for. */
async function generateOrCut(
  options: GenerateCommandOptions,
  bundle: Bundle,
  wanted: GenerateOptions,
  hooks: GenerateHooks,
  output: CommandContext['output'],
): Promise<GenerateResult> {
  try {
    return await generate(bundle, wanted, hooks);
  } catch (error) {
    const cannot = error instanceof GeneratorError && error.code === 'RONDO_GENERATOR_CONSTRAINT';
    const wishes = ['key', 'chords', 'range', 'polyphony', 'density', 'instruments', 'meter', 'tempo', 'harmonise', 'accompany'] as const; // prettier-ignore
    if (!cannot || options.ending !== undefined || wishes.some((wish) => options[wish] !== undefined)) throw error;
    output.warning('this model has no tokens for an end on a bar line: the piece is cut there');
    return generate(bundle, { ...wanted, ending: 'cut' }, hooks);
  }
}

/** What the pieces have in common, as means over all of them. */
function metricsOf(pieces: WrittenPiece[]): Record<string, number | null> {
  const names = Object.keys(pieces[0].metrics) as (keyof WrittenPiece['metrics'])[];
  const mean = (name: keyof WrittenPiece['metrics']) => {
    const values = pieces.map(({ metrics }) => metrics[name]).filter((value) => typeof value === 'number');
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return Object.fromEntries(names.filter((name) => name !== 'key').map((name) => [name, mean(name)]));
}

function describe({ tokens, elapsedSeconds, tokensPerSecond, seed }: GenerateResult, pieces: WrittenPiece[]): string {
  const rate = `${formatCount(tokens)} tokens in ${formatDuration(elapsedSeconds)} (${formatCount(tokensPerSecond)} tokens/s), seed ${seed}`;
  return `${describePieces(pieces)}\n${rate}`;
}
