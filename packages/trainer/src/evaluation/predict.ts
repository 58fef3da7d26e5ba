import type { Bundle } from '@rondo/checkpoint';
import type { History, HistoryFeed } from '@rondo/tokenizer';
import { historyArrays } from '../batches/histories.js';
import { tokenNames } from '../batches/plan.js';
import { TrainerError } from '../errors.js';

/** Rows and tokens that are computed in one call; they bound the memory, and the time until a stop is heard. */
const ROWS_PER_CALL = 64;
const TOKENS_PER_CALL = 8192;

export interface PredictOptions {
  /** Ends the prediction between two calls of the engine; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * The probabilities of the next token after each row of ids, V = vocabulary values that add up to 1.
 * For models of objective `last` the row is the window (of any length; they were trained on `config.sequence`); models
 * of `all` read the row from a fresh state. Rows may differ in length.
 * @throws TrainerError `RONDO_TRAINER_IDS` for empty rows and for ids outside the vocabulary
 */
export async function predictNext(
  bundle: Bundle,
  rows: readonly (Int32Array | readonly number[])[],
  { signal }: PredictOptions = {},
): Promise<Float32Array[]> {
  const { config } = bundle;
  for (const [index, row] of rows.entries()) checkRow(row, index, config.vocabulary);
  const results = new Array<Float32Array>(rows.length);
  for (const group of groupsOfOneLength(rows)) {
    signal?.throwIfAborted();
    const time = rows[group[0] as number]?.length as number;
    const ids = new Int32Array(time * group.length);
    for (const [row, index] of group.entries()) {
      for (let t = 0; t < time; t++) ids[t * group.length + row] = rows[index]?.[t] as number;
    }
    const run = config.objective === 'last' ? predictWindows : predictStreams;
    const probabilities = await run(bundle, ids, time, group.length, signal);
    for (const [row, index] of group.entries()) {
      results[index] = probabilities.slice(row * config.vocabulary, (row + 1) * config.vocabulary);
    }
  }
  return results;
}

function checkRow(row: Int32Array | readonly number[], index: number, vocabulary: number): void {
  if (row.length === 0)
    throw new TrainerError('RONDO_TRAINER_IDS', `Row ${index} of ids is empty; expected at least one id`);
  for (const id of row) {
    if (Number.isInteger(id) && id >= 0 && id < vocabulary) continue;
    throw new TrainerError(
      'RONDO_TRAINER_IDS',
      `Row ${index}: expected ids from 0 to ${vocabulary - 1} (the model's vocabulary), received ${String(id)}`,
    );
  }
}

/** Indices of rows that are equally long, in groups that are not too large. */
function groupsOfOneLength(rows: readonly { length: number }[]): number[][] {
  const byLength = new Map<number, number[]>();
  for (const [index, { length }] of rows.entries()) {
    const same = byLength.get(length) ?? [];
    same.push(index);
    byLength.set(length, same);
  }
  return [...byLength].flatMap(([length, same]) => {
    const rowsOfGroup = Math.max(1, Math.min(ROWS_PER_CALL, Math.floor(TOKENS_PER_CALL / length)));
    return Array.from({ length: Math.ceil(same.length / rowsOfGroup) }, (_, group) =>
      same.slice(group * rowsOfGroup, (group + 1) * rowsOfGroup),
    );
  });
}

/** ids [T][B] → probabilities [B][V] of a network that gives its last step only. */
async function predictWindows(
  { network }: Bundle,
  ids: Int32Array,
  time: number,
  batch: number,
): Promise<Float32Array> {
  return network.predict({ batch, time, inputs: { [tokenNames(network.spec).input]: ids } });
}

/** The same for a network that gives sequences; a stream keeps nothing but the last step. */
async function predictStreams(
  { network, tokenizer }: Bundle,
  ids: Int32Array,
  time: number,
  batch: number,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const { input, history } = tokenNames(network.spec, tokenizer);
  const inputs = history === undefined ? { [input]: ids } : { [input]: ids, ...valuesOfRows(history, ids, batch) };
  const stream = network.openStream({ rows: batch });
  try {
    let logits = new Float32Array();
    const steps = Math.max(1, Math.floor(TOKENS_PER_CALL / batch));
    for (let from = 0; from < time; from += steps) {
      signal?.throwIfAborted();
      const until = Math.min(time, from + steps);
      logits = await stream.steps(slices(inputs, from * batch, until * batch), until - from);
    }
    const vocabulary = logits.length / batch;
    for (let row = 0; row < batch; row++) softmax(logits.subarray(row * vocabulary, (row + 1) * vocabulary));
    return logits;
  } finally {
    stream.dispose();
  }
}

function slices(inputs: Readonly<Record<string, Int32Array>>, from: number, until: number): Record<string, Int32Array> {
  return Object.fromEntries(Object.entries(inputs).map(([name, values]) => [name, values.subarray(from, until)]));
}

/** What ids [T][B] say of the tokens after them, as though every row were the beginning of a piece. */
function valuesOfRows(feed: HistoryFeed, ids: Int32Array, batch: number): Record<string, Int32Array> {
  const histories = Array.from({ length: batch }, () => feed.open());
  const values = historyArrays(feed, ids.length);
  ids.forEach((id, i) => {
    const history = histories[i % batch] as History;
    history.push(id);
    for (const { name, read } of feed.inputs) (values[name] as Int32Array)[i] = read(history);
  });
  return values;
}

/** In place; sums in double precision. */
function softmax(logits: Float32Array): void {
  const highest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - highest), 0);
  for (const [index, logit] of logits.entries()) logits[index] = Math.exp(logit - highest) / sum;
}
