import { saveBundle } from '@rondo/checkpoint';
import { importKeras, type KerasImportReport, type Layout } from '@rondo/checkpoint/keras';
import { resolveNetworkSpec, type NetworkSpec } from '@rondo/core-native';
import { PRESET_NAMES, PRESETS, type PresetName } from '@rondo/trainer';
import fs from 'node:fs';
import path from 'node:path';
import type { CommandContext } from '../command.js';
import { engineOf } from '../options/engine-options.js';
import { requireNumber } from '../options/ranges.js';
import { UsageError } from '../terminal/exit-codes.js';
import { interruptible } from '../terminal/interruption.js';
import { formatCount } from '../terminal/format.js';
import type { ImportKerasOptions } from '../commands/import-keras.js';

/** `rondo import-keras`: a trained Keras network and its notes → a model bundle. */
export async function run(
  { weights, notes, out, gate, sequence, like, ...engine }: ImportKerasOptions,
  { output, signal }: CommandContext,
): Promise<void> {
  requireNumber('sequence', sequence, { min: 1, max: 65_536, integer: true });
  const layout = like === undefined ? undefined : readLayout(like);
  const { bundle, report } = await interruptible(signal, 'stopped: nothing was written', async () => {
    const imported = await importKeras(weights, {
      notes,
      sequence,
      signal,
      ...engineOf(engine, output),
      ...(gate === undefined ? {} : { gate: gate === 'sigmoid' ? gate : 'hardSigmoid' }),
      ...(layout === undefined ? {} : { like: layout }),
    });
    try {
      await saveBundle(out, imported.bundle, { signal });
    } finally {
      imported.bundle.network.dispose();
    }
    return imported;
  });
  for (const note of report.notes) output.note(`note     ${note}`);
  output.result({ model: out, layers: bundle.config.spec.layers, ...report }, () => describe(out, report));
}

/** Larger files are no network specs. */
const MAX_SPEC_BYTES = 1 << 20;

/** `--like`: the name of a preset, whose sizes do not matter, or a spec, whose sizes do. @throws UsageError */
function readLayout(like: string): Layout {
  if ((PRESET_NAMES as readonly string[]).includes(like))
    return { name: `the preset ${like}`, spec: PRESETS[like as PresetName].network(2), sizes: 'file' };
  if (!fs.existsSync(like))
    throw new UsageError(`--like takes a preset (${PRESET_NAMES.join(', ')}) or a JSON file, and ${like} is neither`);
  return { name: path.basename(like), spec: readSpec(like), sizes: 'spec' };
}

/** A network spec as JSON, by itself or in a bundle's config.json. */
function readSpec(file: string): NetworkSpec {
  if (fs.statSync(file).size > MAX_SPEC_BYTES) throw new UsageError(`${file} is too large for a network spec`);
  try {
    const value = JSON.parse(fs.readFileSync(file, 'utf8')) as NetworkSpec | { spec: NetworkSpec };
    return resolveNetworkSpec('spec' in value ? value.spec : value);
  } catch (error) {
    throw new UsageError(`${file} holds no network spec: ${(error as Error).message}`);
  }
}

function describe(out: string, { format, kerasVersion, parameters, ...found }: KerasImportReport): string {
  const origin = `a Keras ${kerasVersion === undefined ? '' : `${kerasVersion} `}file (${format})`;
  const seeds = found.seeds === 0 ? 'none: generate with --prime or --prime-ids' : String(found.seeds);
  return [
    `${out}: a model from ${origin}`,
    `parameters  ${formatCount(parameters)}`,
    `vocabulary  ${formatCount(found.vocabulary)}`,
    `window      ${found.sequence} tokens`,
    `seeds       ${seeds}`,
  ].join('\n');
}
