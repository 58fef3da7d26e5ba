import type { z } from 'zod';
import { describe, EngineError, type EngineErrorCode } from './errors.js';
import { type NetworkSpec, type ResolvedHeadSpec, type ResolvedNetworkSpec, trunkWidth } from './network-spec.js';
import type { OptimizerSpec, ResolvedOptimizerSpec } from './optimizer-spec.js';
import { networkSpecSchema, optimizerSpecSchema } from './spec-schema.js';

/**
 * Checks a network spec and fills in every default. The result is plain JSON and resolves to itself.
 * Throws RONDO_ENGINE_SPEC, naming the place and, for unknown keys, the key.
 */
export function resolveNetworkSpec(spec: NetworkSpec): ResolvedNetworkSpec {
  const resolved: ResolvedNetworkSpec = parseWith(networkSpecSchema, spec, 'network spec', 'RONDO_ENGINE_SPEC');
  requireUniqueNames('inputs', resolved.inputs);
  requireUniqueNames('heads', resolved.heads);
  requireSequencesBeforeLstm(resolved);
  resolved.heads.forEach((head, index) => requireFittingTable(resolved, head, `heads[${String(index)}].tied`));
  return resolved;
}

/** Checks an optimiser spec and fills in every default. Throws RONDO_ENGINE_SPEC. */
export function resolveOptimizerSpec(spec: OptimizerSpec): ResolvedOptimizerSpec {
  return parseWith(optimizerSpecSchema, spec, 'optimizer spec', 'RONDO_ENGINE_SPEC');
}

/** Parses `value`, turning zod's complaints into one line of an EngineError. */
export function parseWith<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: string,
  code: EngineErrorCode,
): z.output<Schema> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw new EngineError(code, result.error.issues.map((issue) => complaint(what, issue)).join('; '));
}

function complaint(what: string, issue: z.core.$ZodIssue): string {
  const place = issue.path.reduce<string>(
    (path, key) => path + (typeof key === 'number' ? `[${String(key)}]` : `${path === '' ? '' : '.'}${String(key)}`),
    '',
  );
  const subject = place === '' ? what : `${what}: ${place}`;
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => JSON.stringify(key)).join(', ');
    return `${subject}: unknown key ${keys}; correct or remove it`;
  }
  return `${subject}: ${expectation(issue)}, received ${describe(receivedIn(issue))}`;
}

/** For an unknown kind zod reports the object; the kind itself is what went wrong. */
function receivedIn(issue: z.core.$ZodIssue): unknown {
  if (issue.code !== 'invalid_union' || issue.discriminator === undefined) return issue.input;
  return (issue.input as Record<string, unknown>)[issue.discriminator];
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected}`;
    case 'invalid_value':
      return `expected one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `expected ${bound(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)}`;
    case 'too_big':
      return `expected ${bound(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum)}`;
    case 'invalid_union':
      return `expected one of ${kindsOf(issue)}`;
    default:
      return issue.message;
  }
}

// zod lists the known kinds in `options`, which its types of this version leave out.
function kindsOf(issue: object): string {
  return 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String).join(', ') : 'the known kinds';
}

function bound(origin: string, relation: string, limit: number | bigint): string {
  return origin === 'array' ? `${relation} ${String(limit)} entry` : `${relation} ${String(limit)}`;
}

function requireUniqueNames(group: 'inputs' | 'heads', entries: readonly { name: string }[]): void {
  const seen = new Set<string>();
  for (const { name } of entries) {
    if (seen.has(name)) {
      throw new EngineError(
        'RONDO_ENGINE_SPEC',
        `network spec: ${group}: the name "${name}" is used twice; rename one`,
      );
    }
    seen.add(name);
  }
}

/** A tied head: its table is there, over its vocabulary, and as wide as what the head reads. */
function requireFittingTable(spec: ResolvedNetworkSpec, head: ResolvedHeadSpec, place: string): void {
  if (head.kind !== 'softmax' || head.tied === undefined) return;
  const { tied, vocabulary } = head;
  const refuse = (what: string) => {
    throw new EngineError('RONDO_ENGINE_SPEC', `network spec: ${place}: ${what}`);
  };
  const table = spec.inputs.find(({ name }) => name === tied);
  if (table?.kind !== 'embedding') return refuse(`expected the name of an embedding input, received "${tied}"`);
  if (table.vocabulary !== vocabulary) {
    const [wanted, found] = [String(vocabulary), String(table.vocabulary)];
    return refuse(`expected an embedding over the head's vocabulary of ${wanted}, but "${tied}" has one of ${found}`);
  }
  const [units, width] = [String(table.units), String(trunkWidth(spec))];
  if (units === width) return;
  refuse(
    `expected ${units} features before the head, as many as the embedding "${tied}" has units, received ${width}; ` +
      `end the layers with { kind: "dense", units: ${units} }`,
  );
}

function requireSequencesBeforeLstm(spec: ResolvedNetworkSpec): void {
  const lastOnly = spec.layers.findIndex((layer) => layer.kind === 'lstm' && !layer.returnSequences);
  if (lastOnly < 0) return;
  const later = spec.layers.findIndex((layer, index) => index > lastOnly && layer.kind === 'lstm');
  if (later < 0) return;
  throw new EngineError(
    'RONDO_ENGINE_SPEC',
    `network spec: layers[${String(later)}]: an lstm needs a sequence, but layers[${String(lastOnly)}] gives its last ` +
      'step only; set its returnSequences to true',
  );
}
