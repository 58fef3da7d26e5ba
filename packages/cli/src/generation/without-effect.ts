import type { Tokenizer } from '@rondo/tokenizer';
import { UsageError } from '../terminal/exit-codes.js';
import type { GenerateCommandOptions } from './generate-options.js';

type Options = Partial<GenerateCommandOptions>;

/** Options that others make meaningless are a misunderstanding, and are told rather than swallowed. @throws UsageError */
export function refuseWithoutEffect({ temperature, topK, topP, minP }: Options): void {
  const narrowing = { 'top-k': topK, 'top-p': topP, 'min-p': minP };
  const [given] = Object.entries(narrowing).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (temperature !== undefined && Number(temperature) === 0 && given !== undefined)
    throw new UsageError(`--temperature 0 always takes the likeliest token: --${given} has no effect beside it`);
}

/** The same for what says how a prime is used. A model without a token for the start begins with a window of its own. */
export function refusePrimeOptions(options: Options, { bos }: Pick<Tokenizer, 'bos'>): void {
  const { prime, primeIds, primeTokens, includePrime } = options;
  if (bos === undefined || prime !== undefined || primeIds !== undefined) return;
  if (primeTokens !== undefined)
    throw new UsageError(
      '--prime-tokens says how much of a prime is read: give --prime or --prime-ids, or leave it out',
    );
  if (includePrime !== undefined)
    throw new UsageError('--include-prime is about a prime: give --prime or --prime-ids, or leave it out');
}
