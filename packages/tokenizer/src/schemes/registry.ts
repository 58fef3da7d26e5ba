import { TokenizerError } from '../tokenizer/tokenizer-error.js';
import { chordScheme } from './chord/chord.js';
import { gridScheme } from './grid/grid.js';
import { performanceScheme } from './performance/performance.js';
import { remiScheme } from './remi/remi.js';
import type { Scheme, SchemeFactory, SchemeName } from './scheme.js';

const FACTORIES: readonly SchemeFactory[] = [remiScheme, chordScheme, performanceScheme, gridScheme];

/** Names of the schemes that `createScheme` makes, the default first. */
export const schemeNames: readonly SchemeName[] = FACTORIES.map(({ name }) => name);

/**
 * A scheme by name, or from a name and options (as in `tokenizer.json`).
 * @throws TokenizerError RONDO_SCHEME_UNKNOWN; SchemeError for wrong options.
 */
export function createScheme(wanted: string | { readonly name: string; readonly [option: string]: unknown }): Scheme {
  const config = typeof wanted === 'string' ? { name: wanted } : wanted;
  const factory = FACTORIES.find(({ name }) => name === config.name);
  if (factory !== undefined) return factory.create(config);
  throw new TokenizerError(
    'RONDO_SCHEME_UNKNOWN',
    `there is no scheme "${config.name}": choose one of ${schemeNames.join(', ')}`,
  );
}
