import type { EvaluationEvent, RecoveryEvent, StartEvent, TrainEvent } from '@rondo/trainer';
import { formatBytes, formatCount, formatDuration } from './format.js';
import type { Output } from './output.js';
import { startProgress, type Progress } from './progress.js';

/** Shows a training while it runs: what is trained, a bar with loss and time left, a line per evaluation. */
export function trainingReporter(output: Output): { onEvent(event: TrainEvent): void; stop(): void } {
  let progress: Progress | undefined;
  const show = (line: string) => (progress ? progress.line(line) : output.note(line));
  // Warnings are told with --quiet too.
  const warn = (line: string) => (progress && !output.quiet ? progress.line(`warning: ${line}`) : output.warning(line));
  return {
    onEvent(event) {
      if (event.type === 'start') {
        for (const line of describeStart(event)) output.note(line);
        progress = startProgress(output, 'training', 'steps');
      } else if (event.type === 'step') {
        const rate = `${formatCount(event.tokensPerSecond)} tokens/s`;
        progress?.update(
          event.step,
          event.expectedSteps,
          `epoch ${event.epoch}/${event.epochs} · loss ${event.loss.toFixed(3)} · ${rate}`,
          event.etaSeconds,
        );
      } else if (event.type === 'evaluation') show(describeEvaluation(event));
      else if (event.type === 'recovery') warn(describeRecovery(event));
      else if (event.type === 'warning') warn(event.message);
    },
    stop: () => progress?.stop(),
  };
}

/** The lines that a training begins with. */
export function describeStart(event: StartEvent): string[] {
  const { settings } = event;
  const left = event.stepsDone > 0 ? `, going on after step ${formatCount(event.stepsDone)}` : '';
  return [
    `preset ${event.preset}: ${formatCount(event.parameters)} parameters, vocabulary ${formatCount(event.vocabulary)}, ${describeDevice(event)}`,
    `objective ${settings.objective}, batch ${settings.batch} × ${settings.sequence} tokens, ${formatCount(event.stepsPerEpoch)} steps an epoch, ${settings.epochs} epochs${left}`,
    `memory: ${describeMemory(event)}`,
    describeBatch(event),
  ];
}

/** From so many rows a thread on, a layer gains nothing by more: docs/performance.md has the curve. */
const ENOUGH_ROWS = 8;

/** What another batch would change: time per row as the engine's curve has it, memory as the forecast has it. */
function describeBatch({ device, threads, memory: { rows, rowBytes } }: StartEvent): string {
  const memory = `${formatBytes(rowBytes)} more memory a row`;
  if (device.kind !== 'cpu')
    return `a larger batch: ${memory}; "rondo bench --batch-sizes --device cuda" shows what it gains`;
  const shown = `${formatCount(rows)} ${rows === 1 ? 'row' : 'rows'} for ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  const enough = ENOUGH_ROWS * threads;
  return rows < enough
    ? `a larger batch: ${shown} ${rows === 1 ? 'leaves' : 'leave'} some speed unused; up to about ${enough} rows the time per row falls, for ${memory}`
    : `a larger batch: hardly more tokens a second (${shown}, about ${enough} are enough), and ${memory}`;
}

function describeDevice({ device, threads, precision }: StartEvent): string {
  const how = device.kind === 'cpu' ? `${threads} threads` : precision;
  return `${device.name}, ${how}`;
}

function describeMemory({ device, memory }: StartEvent): string {
  const { deviceBytes, hostBytes, availableBytes } = memory;
  if (device.kind === 'cpu')
    return `up to ${formatBytes(deviceBytes + hostBytes)} of ${formatBytes(availableBytes)} free`;
  return `up to ${formatBytes(deviceBytes)} on the device, ${formatBytes(hostBytes)} of ${formatBytes(availableBytes)} free beside it`;
}

function describeRecovery({ figure, step, backTo, lr, left }: RecoveryEvent): string {
  const tries = left === 0 ? 'for the last time' : `${left} more ${left === 1 ? 'time' : 'times'} at most`;
  return `the ${figure} is not a finite number in step ${formatCount(step)}; back to step ${formatCount(backTo)} with learning rate ${Number(lr.toPrecision(3))} (${tries})`;
}

function describeEvaluation(event: EvaluationEvent): string {
  const train = `epoch ${event.epoch} step ${formatCount(event.step)}: loss ${event.loss.toFixed(3)}`;
  const time = formatDuration(event.seconds);
  if (event.validLoss === undefined)
    return `${train}, ${(100 * event.accuracy).toFixed(1)} % right (no held-out pieces), ${time}`;
  const accuracy = `${(100 * (event.validAccuracy ?? 0)).toFixed(1)} % right`;
  const beside = event.baselines
    ? ` (unigram ${event.baselines.unigram.toFixed(2)}, bigram ${event.baselines.bigram.toFixed(2)})`
    : '';
  return `${train}, held-out ${event.validLoss.toFixed(3)}${beside}, ${accuracy}, perplexity ${event.perplexity.toFixed(1)}, ${time}${event.best ? ' *' : ''}`;
}
