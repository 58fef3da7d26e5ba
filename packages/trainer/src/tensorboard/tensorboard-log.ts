import { accessSync, constants } from 'node:fs';
import { makeFolder } from '@rondo/tokenizer/node';
import { join } from 'node:path';
import { TrainerError } from '../errors.js';
import type { EvaluationEvent, StepEvent, TrainEvent } from '../loop/events.js';
import { EventFile } from './event-file.js';

/** How often steps are logged, and who is told when the log cannot be written. */
export interface TensorBoardOptions {
  /** Steps are logged at most this often, so that a long training leaves a readable log. Default 1 s. */
  stepSeconds?: number;
  /** Told once when the log cannot be written any more; the training goes on. */
  onFailure?: (message: string) => void;
}

/** Writes a training for TensorBoard; give `onEvent` to `train`. */
export interface TensorBoardLog {
  onEvent(event: TrainEvent): void;
  close(): void;
}

/** Folders below the log's, which TensorBoard shows as curves in one chart. */
type Curve = 'train' | 'held-out' | 'unigram' | 'bigram';

/**
 * Event files below `folder`: `train` and `held-out` with `loss` (nats per token) and `accuracy` of each evaluation,
 * `unigram` and `bigram` with the losses of models that only count, and in `train` also `step/loss`, `step/learning rate`,
 * `step/gradient norm` and `step/tokens per second`. A resumed training goes on in the same curves.
 * @throws TrainerError `RONDO_TRAINER_UNWRITABLE`
 */
export function tensorBoardLog(folder: string, options: TensorBoardOptions = {}): TensorBoardLog {
  const log = new Log(folder, options);
  return { onEvent: (event) => log.take(event), close: () => log.close() };
}

class Log {
  private readonly files = new Map<Curve, EventFile>();
  private readonly stepSeconds: number;
  private lastStep = -Infinity;
  private begin = 0;
  private broken = false;

  constructor(
    private readonly folder: string,
    private readonly options: TensorBoardOptions,
  ) {
    this.stepSeconds = options.stepSeconds ?? 1;
    try {
      makeFolder(folder);
      accessSync(folder, constants.W_OK);
    } catch (error) {
      const message = `Cannot write ${folder} (${reasonOf(error)}); choose a folder for TensorBoard that can be written`;
      throw new TrainerError('RONDO_TRAINER_UNWRITABLE', message, { cause: error });
    }
  }

  take(event: TrainEvent): void {
    if (this.broken) return;
    try {
      this.write(event);
    } catch (error) {
      this.broken = true;
      this.options.onFailure?.(`the log for TensorBoard in ${this.folder} ends here (${reasonOf(error)})`);
    }
  }

  close(): void {
    for (const file of this.files.values()) file.close();
    this.files.clear();
    this.broken = true;
  }

  private write(event: TrainEvent): void {
    if (event.type === 'start') this.restart(event.stepsDone + 1);
    else if (event.type === 'step') this.step(event);
    else if (event.type === 'evaluation') this.evaluation(event);
    else if (event.type === 'recovery') this.restart(event.backTo + 1);
  }

  /** What an earlier sitting or an earlier try logged from this step on does not count any more. */
  private restart(step: number): void {
    this.begin = step;
    for (const file of this.files.values()) file.restart(step);
  }

  private step({ step, loss, lr, gradientNorm, tokensPerSecond }: StepEvent): void {
    const now = performance.now() / 1000;
    if (now - this.lastStep < this.stepSeconds) return;
    this.lastStep = now;
    this.file('train').scalars(step, {
      'step/loss': loss,
      'step/learning rate': lr,
      'step/gradient norm': gradientNorm,
      'step/tokens per second': tokensPerSecond,
    });
  }

  private evaluation({ step, loss, accuracy, validLoss, validAccuracy, baselines }: EvaluationEvent): void {
    this.file('train').scalars(step, { loss, accuracy });
    if (validLoss !== undefined) this.file('held-out').scalars(step, { loss: validLoss, accuracy: validAccuracy });
    if (baselines === undefined) return;
    this.file('unigram').scalars(step, { loss: baselines.unigram });
    this.file('bigram').scalars(step, { loss: baselines.bigram });
  }

  /** Files come with their first line, so that no empty curve is listed. */
  private file(curve: Curve): EventFile {
    const open = this.files.get(curve);
    if (open !== undefined) return open;
    const file = new EventFile(join(this.folder, curve));
    file.restart(this.begin);
    this.files.set(curve, file);
    return file;
  }
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
