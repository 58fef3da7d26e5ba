import { z } from 'zod';
import type { EndReason } from './events.js';
import { passesDone } from './progress.js';
import type { Session } from './session.js';

export const summarySchema = z.strictObject({
  run: z.string(),
  /** Passes over the data that are finished, to hundredths: 1.35. */
  epochs: z.number(),
  /** Updates. */
  steps: z.number(),
  /** Training tokens predicted per second of training, evaluations and saves not counted. */
  tokensPerSecond: z.number(),
  /** `epoch` is the pass that was being made, from 1. Null without a held-out split, and before the first evaluation. */
  best: z.strictObject({ epoch: z.number(), validLoss: z.number(), validAccuracy: z.number() }).nullable(),
  /** Nats per held-out token; null where the dataset has none. */
  baselines: z.strictObject({ unigram: z.number(), bigram: z.number() }).nullable(),
  device: z.enum(['cpu', 'cuda']),
  deviceName: z.string(),
  /** Absent in summaries that are older than this field. */
  precision: z.enum(['fp32', 'tf32', 'bf16']).optional(),
  threads: z.number(),
  /** Time of the run in all sittings. */
  seconds: z.number(),
  /** Most memory this process has held. */
  peakMemoryBytes: z.number(),
  reason: z.enum(['epochs', 'steps', 'patience', 'time', 'interrupted']),
  /** How often training went back because its numbers had gone bad. */
  recoveries: z.number().default(0),
  /** Stopped by the signal; the run can be taken up with `resume`. */
  interrupted: z.boolean(),
});

/** What `rondo train --json` prints. */
export type TrainSummary = z.infer<typeof summarySchema>;

export function summarise(session: Session, stepsPerEpoch: number, reason: EndReason): TrainSummary {
  const { run, progress, dataset } = session;
  const { network } = session.bundle;
  const { best } = progress;
  return {
    run,
    epochs: passesDone(progress, stepsPerEpoch),
    steps: progress.step,
    tokensPerSecond: progress.tokens / Math.max(progress.stepSeconds, 1e-9),
    best: best && { epoch: best.epoch, validLoss: best.validLoss, validAccuracy: best.validAccuracy },
    baselines: dataset.manifest.baselines ?? null,
    device: network.device.kind,
    deviceName: network.device.name,
    precision: network.precision,
    threads: network.threads,
    seconds: progress.seconds,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    reason,
    recoveries: progress.recoveries,
    interrupted: reason === 'interrupted',
  };
}
