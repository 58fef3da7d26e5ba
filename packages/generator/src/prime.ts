import type { Bundle } from '@rondo/checkpoint';
import type { ConditionValues, Score, Tokenizer } from '@rondo/tokenizer';
import { GeneratorError } from './errors.js';
import type { Plan } from './options.js';
import { seededRandom } from './random.js';
import { aloneWish, groupOf } from './steering/instruments.js';

/** What one variation starts from. */
export interface Start {
  /** Ids that the network reads, at least one. */
  context: Int32Array;
  /** Ids of the piece so far, for the grammar; the result begins with them where the prime is included. */
  piece: Int32Array;
}

/** Keeps the choice of a seed window apart from the draws of tokens. */
const CHOICE_STREAM = 0x8000_0000;

/**
 * Where variation `index` begins.
 * @throws GeneratorError `RONDO_GENERATOR_PRIME` where there is nothing to begin with
 */
export function startOf(bundle: Bundle, plan: Plan, index: number): Start {
  const ids = primeIds(bundle, plan, index);
  const whole = withoutEnd(ids, bundle.tokenizer.eos);
  if (whole.length === 0) throw nothing('the prime holds no token that this model reads');
  const limit = plan.primeTokens ?? whole.length;
  return { context: whole.slice(-limit), piece: lastPiece(whole, bundle.tokenizer.eos) };
}

function primeIds({ tokenizer, seeds }: Bundle, { prime, seed, wishes }: Plan, index: number): Int32Array {
  if (prime === 'start') {
    if (tokenizer.bos === undefined)
      throw nothing(`the scheme "${tokenizer.scheme.name}" has no token for the start of a piece`);
    return tokenizer.conditionPrefix(saidOf(tokenizer, wishes));
  }
  if ('score' in prime) return encodePrime(tokenizer, prime.score, saidOf(tokenizer, wishes, prime.score));
  if ('ids' in prime) return checkedIds(prime.ids, tokenizer.vocabulary.size);
  if (seeds.length === 0) throw nothing('the model carries no seed windows');
  const random = seededRandom(seed, CHOICE_STREAM + index);
  const chosen = prime.seed === 'random' ? Math.floor(random.next() * seeds.length) : prime.seed;
  if (chosen >= seeds.length)
    throw nothing(`seed window ${chosen} was asked for, the model has ${seeds.length} (from 0)`);
  return seeds[chosen];
}

/** What the piece is said to be: a part that is wanted by itself, with nothing beside it, is alone. */
function saidOf(tokenizer: Tokenizer, wishes: Plan['wishes'], prime?: Score): ConditionValues {
  if (wishes?.instruments === undefined || wishes.given !== undefined) return {};
  const heard = (prime?.tracks ?? []).filter(({ notes }) => notes.length > 0).map(groupOf);
  const wanted = wishes.instruments.flatMap(({ groups }) => groups);
  return aloneWish([...wanted, ...heard], tokenizer.conditionChoices('alone'));
}

/** Ids of a piece that is to be gone on with: notes that the vocabulary cannot spell are left out, whole. */
export function encodePrime(tokenizer: Tokenizer, score: Score, said: ConditionValues = {}): Int32Array {
  if (tokenizer.unk !== undefined) {
    const ids = tokenizer.encode(score, said);
    return ids.includes(tokenizer.unk) ? tokenizer.encode(tokenizer.decode(ids), said) : ids;
  }
  const ids = tokenizer.scheme.encode(score).map((token) => tokenizer.vocabulary.id(token));
  return Int32Array.from(ids.filter((id) => id !== undefined));
}

function checkedIds(ids: ArrayLike<number>, vocabulary: number): Int32Array {
  const list = Array.from(ids);
  const at = list.findIndex((id) => !Number.isInteger(id) || id < 0 || id >= vocabulary);
  if (at >= 0) throw nothing(`id ${list[at]} at position ${at} is not below the vocabulary's ${vocabulary}`);
  return Int32Array.from(list);
}

/** A prime is to be gone on with, so the end of the piece is not part of it. */
function withoutEnd(ids: Int32Array, eos: number | undefined): Int32Array {
  return eos !== undefined && ids.at(-1) === eos ? ids.slice(0, -1) : ids;
}

/** Windows of training data may reach over the end of a piece; what goes on is the piece after it. */
function lastPiece(ids: Int32Array, eos: number | undefined): Int32Array {
  return eos === undefined ? ids : ids.slice(ids.lastIndexOf(eos) + 1);
}

function nothing(why: string): GeneratorError {
  const message = `Nothing to start from: ${why}; prime with a MIDI file or with ids of this model's vocabulary.`;
  return new GeneratorError('RONDO_GENERATOR_PRIME', message);
}
