import { openDataset } from '@rondo/tokenizer/node';
import { type RankedTrial, tune, type TuneSummary } from '@rondo/trainer';
import type { CommandContext } from '../command.js';
import { refuseOwnSource } from '../files/own-place.js';
import { readMapping } from '../options/config-file.js';
import { writeTuningPicture } from '../pictures/tuning-picture.js';
import { exitCode } from '../terminal/exit-codes.js';
import { formatCount, formatDuration, formatTable } from '../terminal/format.js';
import { tuningReporter } from '../terminal/tuning-reporter.js';
import type { TuneCommandOptions } from '../commands/tune.js';
import { winnerCommand } from './winner-command.js';

/** `rondo tune`: a dataset → the settings that learn it best, and a model trained with them. */
export async function run(options: TuneCommandOptions, { output, signal }: CommandContext): Promise<void> {
  const reporter = tuningReporter(output);
  const { dataset, out, trials, epochs, reduction, objective, seed, device, threads, maxMinutes } = options;
  refuseOwnSource(out, dataset);
  let summary: TuneSummary;
  try {
    summary = await tune({
      ...{ dataset, out, trials, epochs, reduction, objective, seed, device, threads, maxMinutes, signal },
      space: options.space === undefined ? undefined : readMapping(options.space),
      resume: options.resume,
      overwrite: options.overwrite,
      onEvent: reporter.onEvent,
    });
  } finally {
    reporter.stop();
  }
  const pictures = await writeTuningPicture(out);
  output.note(`pictures: ${pictures.join(', ')}`);
  const told = objective === 'all' && (await hasFrames(dataset));
  const command = summary.best && winnerCommand(summary.best, { dataset, out, objective, seed, told });
  output.result({ ...summary, command, pictures }, () => describe(summary, command));
  if (summary.interrupted) process.exitCode = exitCode.interrupted;
}

const SHOWN = 10;

async function hasFrames(folder: string): Promise<boolean> {
  const dataset = await openDataset(folder);
  dataset.close();
  return dataset.tokenizer.scheme.frameEnd !== undefined;
}

function describe(
  { study, trials, failed, best, baselines, seconds, reason }: TuneSummary,
  command: string | null,
): string {
  const ends = {
    done: 'search done',
    time: 'the time is over; "--resume" goes on from here',
    interrupted: 'stopped; "--resume" goes on from here',
  };
  return [
    `${study}: ${trials.length} trials, ${formatDuration(seconds)} of training: ${ends[reason]}`,
    ...(trials.length > 0 ? [table(trials.slice(0, SHOWN))] : []),
    ...(trials.length > SHOWN ? [`… and ${trials.length - SHOWN} more in ${study}/study.json`] : []),
    ...(failed.length > 0 ? [`${failed.length} could not be trained, for example: ${failed[0]?.reason}`] : []),
    ...(best && baselines
      ? [`best: ${best.validLoss.toFixed(3)} nats per held-out token, beside bigram ${baselines.bigram.toFixed(3)}`]
      : []),
    ...(command === null ? [] : ['the same training by itself:', `  ${command}`]),
  ].join('\n');
}

function table(trials: readonly RankedTrial[]): string {
  const rows = trials.map(({ trial, point, parameters, epochs, validLoss, validAccuracy, seconds }) => [
    String(trial),
    validLoss.toFixed(3),
    `${(100 * validAccuracy).toFixed(1)} %`,
    String(Number(epochs.toFixed(2))),
    `${point.layers} × ${point.units}`,
    String(point.embedding),
    point.inputDropout.toFixed(2),
    point.dropout.toFixed(2),
    point.tied === 1 ? 'yes' : 'no',
    point.batchNorm === 1 ? 'yes' : 'no',
    String(point.sequence),
    String(point.batch),
    String(Number(point.learningRate.toPrecision(2))),
    formatCount(parameters),
    formatDuration(seconds),
  ]);
  const header =
    'trial,loss,right,epochs,layers,embedding,in drop,dropout,tied,norm,sequence,batch,rate,parameters,time'.split(',');
  return formatTable(header, rows, [0, 1, 2, 3, 5, 6, 7, 10, 11, 12, 13, 14]);
}
