import fs from 'node:fs';
import path from 'node:path';
import { loadCheckpoint, readSafetensors } from '@rondo/checkpoint';
import { openDataset } from '@rondo/tokenizer/node';
import { predictNext, train } from '@rondo/trainer';
import { readConfigFile } from '../../options/config-file.js';
import { mutateBytes, mutateJson, type Random } from './mutate.js';

/** Makes one mutant and reads it as Rondo would. */
export type Target = (random: Random) => Promise<unknown> | unknown;

/** A folder of which one file at a time is a mutant. */
class MutantFolder {
  readonly #originals = new Map<string, Buffer>();

  constructor(readonly folder: string) {
    for (const name of fs.readdirSync(folder)) {
      const file = path.join(folder, name);
      if (fs.statSync(file).isFile()) this.#originals.set(name, fs.readFileSync(file));
    }
  }

  /** Acts while one of the files `names` (default: any) is a mutant of itself. */
  async with(random: Random, act: () => Promise<unknown>, names = [...this.#originals.keys()]): Promise<unknown> {
    const name = names[Math.floor(random() * names.length)];
    const original = this.#originals.get(name) as Buffer;
    fs.writeFileSync(path.join(this.folder, name), mutantOf(name, original, random));
    try {
      return await act();
    } finally {
      fs.writeFileSync(path.join(this.folder, name), original);
    }
  }
}

function mutantOf(name: string, original: Buffer, random: Random): Uint8Array | string {
  if (original.length === 0) return mutateBytes(original, random);
  if (name.endsWith('.json') && random() < 0.75) return mutateJson(original.toString(), random);
  if (name.endsWith('.jsonl') && random() < 0.75) {
    const lines = original.toString().trimEnd().split('\n');
    const place = Math.floor(random() * lines.length);
    lines[place] = mutateJson(lines[place], random);
    return `${lines.join('\n')}\n`;
  }
  if (name.endsWith('.safetensors') && random() < 0.6) return mutateHeader(original, random);
  return mutateBytes(original, random);
}

/** The header as JSON of hostile values, and its length right again. */
function mutateHeader(bytes: Buffer, random: Random): Buffer {
  const length = Number(bytes.readBigUInt64LE());
  const header = Buffer.from(mutateJson(bytes.subarray(8, 8 + length).toString(), random));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(random() < 0.05 ? 2 ** 53 : header.length));
  return Buffer.concat([prefix, header, bytes.subarray(8 + length)]);
}

/** safetensors alone. */
export function safetensorsTarget(file: string): Target {
  const original = fs.readFileSync(file);
  return (random) =>
    readSafetensors(Uint8Array.from(Buffer.from(mutantOf('x.safetensors', original, random) as never)));
}

/** A whole checkpoint: weights, optimiser, config, tokenizer, seeds, state; what loads must also predict. */
export function bundleTarget(run: string): Target {
  const mutants = new MutantFolder(path.join(run, 'last'));
  return (random) =>
    mutants.with(random, async () => {
      const loaded = await loadCheckpoint(run, 'last', { device: 'cpu', threads: 1 });
      if (loaded === undefined) return;
      try {
        await predictNext(loaded.bundle, [[0, 1]]);
      } finally {
        loaded.bundle.network.dispose();
      }
    });
}

/** The trainer's state: a training is resumed from it, and stopped at once. */
export function stateTarget(run: string, data: string): Target {
  const mutants = new MutantFolder(path.join(run, 'last'));
  const files = ['trainer_state.json', 'trainer_state.json', 'optimizer.safetensors'];
  const before = path.join(path.dirname(run), 'state-before');
  fs.cpSync(run, before, { recursive: true });
  const resume = { dataset: data, run, resume: true, device: 'cpu', threads: 1, signal: AbortSignal.abort() } as const;
  return async (random) => {
    try {
      await mutants.with(random, () => train({ ...resume }), files);
    } finally {
      fs.rmSync(run, { recursive: true });
      fs.cpSync(before, run, { recursive: true });
    }
  };
}

/** A dataset: manifest, vocabulary, pieces and ids; all ids are read. */
export function datasetTarget(data: string): Target {
  const mutants = new MutantFolder(data);
  return (random) =>
    mutants.with(random, async () => {
      const dataset = await openDataset(data);
      try {
        for (const name of ['train', 'valid', 'test'] as const) {
          const split = dataset.split(name);
          const ids = new Int32Array(Math.min(split.tokens, 5000));
          split.read(0, ids.length, ids);
          if (ids.length > 0) dataset.tokenizer.tokens(ids);
        }
      } finally {
        await dataset.close();
      }
    });
}

const KINDS = {
  number: new Set(['epochs', 'batch', 'lr', 'max-steps', 'seed']),
  boolean: new Set(['resume', 'overwrite', 'quiet']),
  string: new Set(['out', 'preset', 'device']),
};

const CONFIGS = [
  '{"epochs": 3, "batch": 16, "lr": 0.001, "resume": true, "out": "run", "preset": "small"}',
  'epochs: 3\nbatch: 16\nmaxSteps: 10\nout: "run"\nquiet: true\npreset: small\n',
  'base: &base\n  epochs: 3\n<<: *base\nout: !!js/function "function(){globalThis.polluted=1}"\n',
  `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'.replace(/./g, (c, i: number) => `${c}: &${c} [${Array(9).fill(`*${'abcdefghij'[i]}`)}]\n`)}`,
  '? {epochs: 1}\n: !!binary "R0lGODlhDAAMAIQAAP=="\n--- \nsecond: document\n',
  '__proto__: {polluted: true}\nconstructor: {prototype: {polluted: true}}\n',
];

/** `--config` files, YAML and JSON. */
export function configTarget(folder: string): Target {
  const file = path.join(folder, 'config.yaml');
  return (random) => {
    const text = CONFIGS[Math.floor(random() * CONFIGS.length)];
    const mutant =
      text.startsWith('{') && random() < 0.6 ? mutateJson(text, random) : mutateBytes(Buffer.from(text), random);
    fs.writeFileSync(file, mutant);
    const { values: options } = readConfigFile(file, KINDS);
    for (const [name, value] of Object.entries(options))
      if (!['number', 'boolean', 'string'].includes(typeof value)) throw new Error(`${name} is ${typeof value}`);
  };
}
