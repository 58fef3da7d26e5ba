import { Vocabulary } from '@rondo/tokenizer';
import { isRecord } from '../archive/parse-json.js';
import { KerasError } from '../errors.js';
import { LIMITS } from '../limits.js';
import { type Pickled, PickleError } from './pickle/pickled.js';
import { readPickle } from './pickle/read-pickle.js';

/** What a notes file says. */
export interface Notes {
  /** Tokens by id: the set in the order of code points, which is how Python sorts it; or as the file numbers them. */
  vocabulary: Vocabulary;
  /** The ids of the corpus in its order; undefined where the file holds each token once. */
  corpus?: Int32Array;
}

/** Names under which a JSON object or a dict may hold the notes. */
const KEYS = ['notes', 'vocabulary', 'tokens', 'pitchnames'];

const EXPECTED =
  'a list of names such as ["E-5", "4.7.11"] (the corpus or its vocabulary), as JSON or as a Python pickle';

/**
 * Reads a corpus or a vocabulary. A pickle is parsed and never executed.
 * @throws KerasError `RONDO_KERAS_NOTES`, `RONDO_KERAS_LIMIT`
 */
export function readNotes(bytes: Uint8Array, label: string): Notes {
  if (bytes.length > LIMITS.notesBytes) {
    const message = `${label} has ${bytes.length} bytes; notes of up to ${LIMITS.notesBytes} bytes are read.`;
    throw new KerasError('RONDO_KERAS_LIMIT', message);
  }
  const content = looksLikeJson(bytes) ? parseNotesJson(bytes, label) : parseNotesPickle(bytes, label);
  const numbered = numberedTokens(content);
  if (numbered !== undefined) return { vocabulary: new Vocabulary(numbered) };
  const tokens = flatten(content, label);
  const vocabulary = Vocabulary.build(tokens, { specials: false });
  if (vocabulary.size === tokens.length) return { vocabulary };
  return { vocabulary, corpus: Int32Array.from(tokens, (token) => vocabulary.id(token) as number) };
}

function looksLikeJson(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf);
  // A pickle of protocol 0 may begin with "(" or "]", never with these.
  return first === 0x5b || first === 0x7b;
}

function parseNotesJson(bytes: Uint8Array, label: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw invalid(label, `it is no JSON (${(error as Error).message})`, error);
  }
}

function parseNotesPickle(bytes: Uint8Array, label: string): Pickled {
  try {
    return readPickle(bytes, 4 * LIMITS.notes);
  } catch (error) {
    if (error instanceof PickleError) throw invalid(label, `as a pickle, ${error.message}`, error);
    throw error;
  }
}

/** `{"A4": 0, "B-2": 1, …}`: the tokens in the order of their numbers, if these are 0 … size − 1. */
function numberedTokens(content: unknown): string[] | undefined {
  const pairs = content instanceof Map ? [...content] : isRecord(content) ? Object.entries(content) : [];
  const tokens = new Array<string | undefined>(pairs.length);
  for (const [token, id] of pairs as [unknown, unknown][]) {
    if (typeof token !== 'string' || !Number.isInteger(id) || tokens[id as number] !== undefined) return undefined;
    if ((id as number) < 0 || (id as number) >= pairs.length) return undefined;
    tokens[id as number] = token;
  }
  return pairs.length === 0 ? undefined : (tokens as string[]);
}

/** A list of names, or a list of such lists (one for each piece). */
function flatten(content: unknown, label: string): string[] {
  const list = Array.isArray(content) ? content : memberOf(content);
  if (list === undefined) throw invalid(label, `it holds ${nameOf(content)}`);
  const out: string[] = [];
  const add = (item: unknown): void => {
    if (typeof item !== 'string') throw invalid(label, `entry ${out.length} is ${nameOf(item)}`);
    if (out.length >= LIMITS.notes) throw invalid(label, `it holds more than ${LIMITS.notes} notes`);
    out.push(item);
  };
  for (const item of list) {
    if (Array.isArray(item)) item.forEach(add);
    else add(item);
  }
  if (out.length === 0) throw invalid(label, 'it holds no notes');
  return out;
}

function memberOf(content: unknown): unknown[] | undefined {
  const get = (key: string): unknown => {
    if (content instanceof Map) return content.get(key);
    return isRecord(content) && Object.hasOwn(content, key) ? content[key] : undefined;
  };
  return KEYS.map(get).find((value): value is unknown[] => Array.isArray(value));
}

function nameOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return value instanceof Map || typeof value === 'object'
    ? `an object without ${KEYS.join(', ')}`
    : `a ${typeof value}`;
}

function invalid(label: string, what: string, cause?: unknown): KerasError {
  return new KerasError(
    'RONDO_KERAS_NOTES',
    `${label} holds no notes that can be read: ${what}; expected ${EXPECTED}.`,
    {
      cause,
    },
  );
}
