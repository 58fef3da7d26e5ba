import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EvaluationEvent } from '../loop/events.js';
import { readMetrics } from '../loop/metrics-file.js';
import { train } from '../loop/train.js';
import { temporaryFolder, toyDataset } from '../testing/toy-dataset.js';
import { stopAfter, toyOptions } from '../testing/toy-training.js';
import { crc32c } from './crc32c.js';
import { tensorBoardLog } from './tensorboard-log.js';
import { bitwiseCrc32c, readEvents } from './testing/read-events.js';

const folder = temporaryFolder();
const place = (name: string) => join(folder.path, name);
let dataset: string;

beforeAll(async () => {
  dataset = await toyDataset(folder.path, 'toy');
});
afterAll(folder.remove);

describe('CRC-32C', () => {
  it('is the one of RFC 3720', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
    const bytes = Uint8Array.from({ length: 500 }, (_, at) => (at * 89) & 255);
    expect(crc32c(bytes)).toBe(bitwiseCrc32c(bytes));
  });
});

describe('a training’s log for TensorBoard', () => {
  const evaluation: EvaluationEvent = {
    type: 'evaluation',
    epoch: 1,
    step: 300,
    loss: 1.5,
    accuracy: 0.25,
    lr: 0.001,
    tokensPerSecond: 10,
    seconds: 1,
    perplexity: 2,
    best: true,
  };

  it('holds what metrics.jsonl says, in records with right checksums', async () => {
    const run = place('run');
    const log = tensorBoardLog(place('board'), { stepSeconds: 0 });
    await train(toyOptions(dataset, run, { epochs: 2, onEvent: log.onEvent }));
    log.close();
    expect(readdirSync(place('board')).sort()).toEqual(['bigram', 'held-out', 'train', 'unigram']);
    const events = readEvents(place('board/train'));
    expect(events[0]).toMatchObject({ version: 'brain.Event:2', step: 0 });
    expect(events[1]).toMatchObject({ session: 1, step: 1 });
    expect(Math.abs(events[0].wallTime - Date.now() / 1000)).toBeLessThan(120);
    const metrics = await readMetrics(run);
    const [own, held] = ['train', 'held-out'].map((curve) =>
      readEvents(place(`board/${curve}`)).filter(({ scalars }) => 'loss' in scalars),
    );
    expect(own.map(({ step, scalars }) => [step, scalars['loss'], scalars['accuracy']])).toEqual(
      metrics.map(({ step, loss, accuracy }) => [step, Math.fround(loss), Math.fround(accuracy)]),
    );
    expect(held.map(({ scalars }) => scalars['loss'])).toEqual(
      metrics.map(({ validLoss }) => Math.fround(validLoss as number)),
    );
    const steps = events.filter(({ scalars }) => 'step/gradient norm' in scalars);
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: steps.length }, (_, at) => at + 1));
    expect(steps.at(-1)?.step).toBe(metrics.at(-1)?.step);
  });

  it('goes on where a resumed training goes on', async () => {
    const run = place('resumed');
    const sitting = async (more: object, stop?: ReturnType<typeof stopAfter>) => {
      const log = tensorBoardLog(place('resumed-board'), { stepSeconds: 0 });
      const onEvent: typeof log.onEvent = (event) => {
        log.onEvent(event);
        stop?.onEvent(event);
      };
      await train(toyOptions(dataset, run, { epochs: 2, signal: stop?.signal, ...more, onEvent }));
      log.close();
    };
    await sitting({}, stopAfter(5));
    await sitting({ resume: true });
    expect(readdirSync(place('resumed-board/train'))).toHaveLength(2);
    const starts = readEvents(place('resumed-board/train')).filter(({ session }) => session === 1);
    expect(starts.map(({ step }) => step)).toEqual([1, 6]);
  });

  it('starts again from where a training went back to', () => {
    const log = tensorBoardLog(place('back'), { stepSeconds: 0 });
    log.onEvent(evaluation);
    const bad = { epoch: 1, step: 320, recovery: 1, figure: 'loss', backTo: 290, lr: 0.1, left: 2 } as const;
    log.onEvent({ type: 'recovery', ...bad });
    log.onEvent({ ...evaluation, step: 310, validLoss: 2 });
    log.close();
    const story = (curve: string) => readEvents(place(`back/${curve}`)).map(({ step, session }) => [step, session]);
    expect(story('train').slice(2)).toEqual([
      [300, undefined],
      [291, 1],
      [310, undefined],
    ]);
    expect(story('held-out').slice(1)).toEqual([
      [291, 1],
      [310, undefined],
    ]);
  });

  it('in a place that cannot be written is refused before training, and later gives way to it', () => {
    writeFileSync(place('file'), '');
    expect(() => tensorBoardLog(place('file'))).toThrow(expect.objectContaining({ code: 'RONDO_TRAINER_UNWRITABLE' }));
    const failures: string[] = [];
    const log = tensorBoardLog(place('gone'), { onFailure: (message) => failures.push(message) });
    writeFileSync(place('gone/train'), 'no folder');
    log.onEvent(evaluation);
    log.onEvent(evaluation);
    expect(failures).toEqual([expect.stringMatching(/the log for TensorBoard in .* ends here \((EEXIST|ENOTDIR)\)/)]);
    log.close();
  });
});
