import type { Bundle } from '@rondo/checkpoint';
import { type KeySignature, sustainedEnd, TempoMap, type Score, type Tokenizer } from '@rondo/tokenizer';
import type { Predictor } from '../model/predictor.js';
import { written } from '../music/written.js';
import type { Plan } from '../options.js';
import { Voice } from '../voice.js';

/** A note of live music, as long as it sounds, the pedal included; times in seconds from the start. */
export interface LiveNote {
  readonly start: number;
  readonly duration: number;
  readonly pitch: number;
  readonly velocity: number;
  readonly program: number;
  readonly isDrum: boolean;
}

/** From here on the music has this tempo, meter and key; times in seconds from the start. */
export interface LiveSign {
  readonly start: number;
  readonly microsecondsPerQuarter: number;
  /** Absent where the scheme knows none. */
  readonly meter?: { readonly numerator: number; readonly denominator: number };
  /** Absent where no key was asked for, or where it has no signature. */
  readonly key?: Pick<KeySignature, 'fifths' | 'mode'>;
}

/** Some bars that were made in one go. */
export interface Chunk {
  /** By start; times from the start of the chunk. */
  readonly notes: readonly LiveNote[];
  readonly seconds: number;
  /** Tempo, meter and key at the start of the chunk, then each change; times from the start of the chunk. */
  readonly signs: readonly LiveSign[];
  /** What the network has read by now. */
  readonly ids: readonly number[];
  readonly logits: Float32Array;
}

/** Tokens of the meter and the tempo in force; absent at the start, and in schemes without them. */
export interface Signs {
  readonly meter?: string;
  readonly tempo?: string;
}

/**
 * The tokens that a chunk's grammar has to have seen so that it goes on with a bar of the meter and tempo in force, as if
 * it stood in the middle of a piece. They are not given to the network, which knows the piece itself.
 */
function headerOf({ bos, vocabulary, scheme }: Tokenizer, { meter, tempo }: Signs): number[] {
  const start = bos === undefined ? [] : [bos];
  if (scheme.name !== 'remi' || (meter === undefined && tempo === undefined)) return start;
  const names = ['Bar', meter, ...(tempo === undefined ? [] : ['Position_0', tempo])];
  const ids = names.map((name) => (name === undefined ? undefined : vocabulary.id(name)));
  return [...start, ...ids.filter((id) => id !== undefined)];
}

/** The meter and tempo in force after some more tokens. */
export function signsAfter(tokenizer: Tokenizer, signs: Signs, ids: readonly number[]): Signs {
  let { meter, tempo } = signs;
  for (const name of ids.flatMap((id) => [...tokenizer.spell(id)])) {
    if (name.startsWith('TimeSig_')) meter = name;
    else if (name.startsWith('Tempo_')) tempo = name;
  }
  return { meter, tempo };
}

/** Where a chunk goes on. */
export interface Before {
  readonly logits: Float32Array;
  /** What the network has read last. */
  readonly context: readonly number[];
  readonly signs: Signs;
  readonly number: number;
}

/** Makes one chunk from where the network stands. */
export async function makeChunk(
  bundle: Bundle,
  plan: Plan,
  predictor: Predictor,
  before: Before,
  signal?: AbortSignal,
): Promise<Chunk> {
  const { tokenizer } = bundle;
  const piece = Int32Array.from(headerOf(tokenizer, before.signs));
  const context = Int32Array.from(before.context.slice(-512));
  const voice = new Voice(tokenizer, plan, { context: context.length > 0 ? context : piece, piece }, before.number);
  let { logits } = before;
  const ids: number[] = [];
  let breath = performance.now();
  while (voice.ended === undefined && !signal?.aborted) {
    const id = voice.advance(logits);
    if (id === tokenizer.eos) break; // the chunk ends here, the music does not
    ids.push(id);
    logits = (await predictor.next(Int32Array.of(id))).slice();
    if (performance.now() - breath > 8) {
      await new Promise(setImmediate);
      breath = performance.now();
    }
  }
  const withoutPrime = { ...plan, prime: 'start' as const };
  const { score } = written(voice, tokenizer.decode(voice.ids), tokenizer, withoutPrime);
  const from = voice.guide.startTick(score.ticksPerQuarter);
  return { ...timed(score, from), ids, logits };
}

function timed(score: Score, from: number): Pick<Chunk, 'notes' | 'seconds' | 'signs'> {
  const clock = TempoMap.of(score);
  const zero = clock.seconds(from);
  const notes = score.tracks.flatMap(({ notes: all, pedals, program, isDrum }) =>
    all
      .filter(({ tick }) => tick >= from)
      .map(({ tick, duration, pitch, velocity }) => {
        const start = clock.seconds(tick) - zero;
        return {
          start,
          duration: clock.seconds(sustainedEnd(pedals, tick + duration)) - zero - start,
          pitch,
          velocity,
          program,
          isDrum,
        };
      }),
  );
  notes.sort((a, b) => a.start - b.start || a.pitch - b.pitch);
  const signs = signsOf(score, from).map(({ tick, ...sign }) => ({ start: clock.seconds(tick) - zero, ...sign }));
  return { notes, seconds: clock.seconds(score.endTick) - zero, signs };
}

function signsOf(score: Score, from: number): (Omit<LiveSign, 'start'> & { readonly tick: number })[] {
  const { tempos, timeSignatures, keySignatures } = score;
  const changes = [...tempos, ...timeSignatures, ...keySignatures].map(({ tick }) => Math.max(from, tick));
  return [...new Set([from, ...changes])]
    .sort((a, b) => a - b)
    .map((at) => {
      const meter = timeSignatures.findLast(({ tick }) => tick <= at);
      const key = keySignatures.findLast(({ tick }) => tick <= at);
      return {
        tick: at,
        microsecondsPerQuarter: tempos.findLast(({ tick }) => tick <= at)?.microsecondsPerQuarter ?? 500_000,
        ...(meter && { meter: { numerator: meter.numerator, denominator: meter.denominator } }),
        ...(key && { key: { fifths: key.fifths, mode: key.mode } }),
      };
    });
}
