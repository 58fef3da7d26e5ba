import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { rondoProgram } from './run-rondo.js';

/** How the moment of a kill is chosen. */
export type Aim = 'anywhere' | 'saving';

/** What a kill hit, as the folder shows it afterwards. */
export type Hit =
  | 'before the first save'
  | 'while a new version is written'
  | 'between the two renames'
  | 'before the old version is deleted'
  | 'between saves'
  | 'nothing: the training had ended';

interface KilledSitting {
  hit: Hit;
  /** Of a training that ended before it could be killed. */
  code: number | null;
  stderr: string;
}

/**
 * Starts `rondo` in a process of its own and kills it with SIGKILL.
 * @param run its run folder, which must exist
 * @param longest milliseconds within which a kill `anywhere` falls
 */
export async function killSitting(
  args: string[],
  run: string,
  aim: Aim,
  random: () => number,
  longest: number,
): Promise<KilledSitting> {
  const child = spawn(process.execPath, [rondoProgram, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const over = ended.then(() => undefined);
  if (aim === 'anywhere') await Promise.race([sleep(random() * longest), over]);
  else await Promise.race([someSave(child, run, 1 + Math.floor(random() * 8), random() * 12), over]);
  const early = child.exitCode !== null;
  child.kill('SIGKILL');
  const code = await ended;
  return { hit: early ? 'nothing: the training had ended' : whatWasHit(run), code, stderr };
}

/** Resolves `delay` milliseconds into the save number `count` that begins from now on. */
async function someSave(child: ChildProcess, run: string, count: number, delay: number): Promise<void> {
  let seen = 0;
  await new Promise<void>((resolve) => {
    const watcher = fs.watch(run, (_, name) => {
      // A new folder is seen twice, when it appears and when it is renamed; either is a moment inside a save.
      if (name?.endsWith('.new') !== true || ++seen < count) return;
      watcher.close();
      resolve();
    });
    child.once('close', () => watcher.close());
  });
  const end = performance.now() + delay;
  while (performance.now() < end) await new Promise((resolve) => setImmediate(resolve));
}

function whatWasHit(run: string): Hit {
  const names = new Set(fs.readdirSync(run));
  const during = (suffix: string) => ['last', 'best', 'good'].some((name) => names.has(name + suffix));
  const gone = ['last', 'best', 'good'].some((name) => !names.has(name) && names.has(`${name}.old`));
  if (gone) return 'between the two renames';
  if (during('.new')) return 'while a new version is written';
  if (during('.old')) return 'before the old version is deleted';
  return names.has('last') ? 'between saves' : 'before the first save';
}

/** All of a run that must not depend on how often it was killed: bytes of the weights, and the records without times. */
export function lasting(run: string): Record<string, unknown> {
  const bytes = (name: string) => fs.readFileSync(path.join(run, name)).toString('base64');
  const state = JSON.parse(fs.readFileSync(path.join(run, 'last/trainer_state.json'), 'utf8')) as {
    stepCount: number;
    trainer: { progress: unknown };
  };
  const metrics = fs.readFileSync(path.join(run, 'metrics.jsonl'), 'utf8').trim().split('\n');
  return {
    last: bytes('last/model.safetensors'),
    optimizer: bytes('last/optimizer.safetensors'),
    best: bytes('best/model.safetensors'),
    stepCount: state.stepCount,
    progress: withoutTimes(state.trainer.progress),
    metrics: metrics.map((line) => withoutTimes(JSON.parse(line))),
    files: fs.readdirSync(run).filter((name) => !name.startsWith('loss.')),
  };
}

const TIMES = new Set(['seconds', 'stepSeconds', 'tokensPerSecond']);

function withoutTimes(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner: unknown) => (TIMES.has(key) ? undefined : inner)));
}
