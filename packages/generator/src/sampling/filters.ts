/*
 * Each filter is a pure function from logits [V] to logits [V] (V = vocabulary). A token that is out has −Infinity. The
 * filters keep at least one token of those that are in, so that there is always something to draw. Plain loops: this
 * runs for every token of every variation, and `map` with a closure takes ten times as long.
 */

/**
 * Divides by the temperature: below 1 sharpens, above 1 flattens. `temperature` > 0. The likeliest token comes out at 0,
 * so that even the smallest temperature cannot overflow.
 */
export function applyTemperature(logits: Float32Array, temperature: number): Float32Array {
  const top = maximum(logits);
  const out = new Float32Array(logits.length);
  for (let id = 0; id < out.length; id++) out[id] = logits[id] === top ? 0 : (logits[id] - top) / temperature;
  return out;
}

/** Takes out every token whose `allowed` is 0. */
export function applyMask(logits: Float32Array, allowed: Uint8Array): Float32Array {
  const out = new Float32Array(logits.length);
  for (let id = 0; id < out.length; id++) out[id] = allowed[id] ? logits[id] : -Infinity;
  return out;
}

/** Keeps the k likeliest tokens; among equals the lower id wins. */
export function topK(logits: Float32Array, k: number): Float32Array {
  return keepOnly(logits, ranked(logits).slice(0, Math.max(1, k)));
}

/** Nucleus sampling (Holtzman et al. 2020): keeps the smallest set of likeliest tokens whose probabilities reach `mass`. */
export function topP(logits: Float32Array, mass: number): Float32Array {
  const order = ranked(logits);
  const p = softmax(logits);
  let sum = 0;
  let count = 0;
  while (count < order.length && (count === 0 || sum < mass)) sum += p[order[count++]];
  return keepOnly(logits, order.slice(0, count));
}

/** Keeps tokens that are at least `share` times as likely as the likeliest one (Nguyen et al. 2024). */
export function minP(logits: Float32Array, share: number): Float32Array {
  const floor = maximum(logits) + Math.log(share);
  const out = new Float32Array(logits.length);
  for (let id = 0; id < out.length; id++) out[id] = logits[id] >= floor ? logits[id] : -Infinity;
  return out;
}

/** Divides the probability of every token of `recent` by `penalty` ≥ 1 (before all are scaled to sum to 1 again). */
export function penaliseRepetition(logits: Float32Array, recent: Iterable<number>, penalty: number): Float32Array {
  const out = logits.slice();
  const cost = Math.log(penalty);
  for (const id of new Set(recent)) out[id] -= cost;
  return out;
}

/** Probabilities in double precision; tokens that are out have 0. */
export function softmax(logits: Float32Array): Float64Array {
  const top = maximum(logits);
  const p = new Float64Array(logits.length);
  let sum = 0;
  for (let id = 0; id < p.length; id++) {
    p[id] = Math.exp(logits[id] - top);
    sum += p[id];
  }
  for (let id = 0; id < p.length; id++) p[id] /= sum;
  return p;
}

/** Natural logarithm of the probability of one token. */
export function logProbability(logits: Float32Array, id: number): number {
  const top = maximum(logits);
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += Math.exp(logits[i] - top);
  return logits[id] - top - Math.log(sum);
}

/** Natural logarithms of all probabilities. */
export function logSoftmax(logits: Float32Array): Float64Array {
  const top = maximum(logits);
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += Math.exp(logits[i] - top);
  const shift = top + Math.log(sum);
  return Float64Array.from(logits, (value) => value - shift);
}

function maximum(logits: Float32Array): number {
  let top = -Infinity;
  for (let id = 0; id < logits.length; id++) if (logits[id] > top) top = logits[id];
  return top;
}

/** Ids that are in, likeliest first, equals by rising id. */
function ranked(logits: Float32Array): number[] {
  const ids: number[] = [];
  for (let id = 0; id < logits.length; id++) if (logits[id] > -Infinity) ids.push(id);
  return ids.sort((a, b) => logits[b] - logits[a] || a - b);
}

function keepOnly(logits: Float32Array, ids: readonly number[]): Float32Array {
  const out = new Float32Array(logits.length).fill(-Infinity);
  for (const id of ids) out[id] = logits[id];
  return out;
}
