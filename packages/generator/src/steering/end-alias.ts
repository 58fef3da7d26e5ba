/**
 * At the end of a piece of exact length the model would often go on with a bar that may not come. What it gives to that
 * bar is its wish to be done with this one, so it counts for the end; else the last bar would be crammed with notes.
 * @returns logits in which EOS has the probability of both
 */
export function endInsteadOfBar(logits: Float32Array, allowed: Uint8Array, eos: number, bar: number): Float32Array {
  if (allowed[eos] === 0 || allowed[bar] === 1 || logits[bar] === -Infinity) return logits;
  const out = logits.slice();
  const top = Math.max(logits[eos], logits[bar]);
  out[eos] = top + Math.log(Math.exp(logits[eos] - top) + Math.exp(logits[bar] - top));
  return out;
}
