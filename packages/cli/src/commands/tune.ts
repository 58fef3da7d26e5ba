import { type RankedTrial, tune, TUNE_DEFAULTS, type TuneSummary } from '@rondo/trainer';
import type { Argv } from 'yargs';
import type { Command } from '../command.js';
import { readMapping } from '../options/config-file.js';
import { type EngineOptions, withEngineOptions } from '../options/engine-options.js';
import { requireNumber } from '../options/ranges.js';
import { writeTuningPicture } from '../pictures/tuning-picture.js';
import { exitCode } from '../terminal/exit-codes.js';
import { formatCount, formatDuration, formatTable } from '../terminal/format.js';
import { tuningReporter } from '../terminal/tuning-reporter.js';

interface TuneCommandOptions extends EngineOptions {
  dataset: string;
  out: string;
  trials: number;
  epochs: number;
  reduction: number;
  space?: string;
  objective: 'all' | 'last';
  seed: number;
  maxMinutes?: number;
  resume: boolean;
  overwrite: boolean;
}

/** `rondo tune`: a dataset → the settings that learn it best, and a model trained with them. */
export const tuneCommand: Command<TuneCommandOptions> = {
  usage: 'tune <dataset>',
  summary: 'Search for settings that learn a dataset well',
  examples: [
    ['$0 tune data --out study', 'try 27 settings, train the best ones longer and longer'],
    ['$0 tune data --out study --trials 60 --epochs 20 --max-minutes 30', 'a longer search, half an hour of it now'],
    ['$0 tune data --out study --trials 60 --epochs 20 --resume', 'and the rest'],
    ['$0 tune data --out study --space space.yaml', 'with lines such as "units: [256, 512]" or "layers: 2"'],
    ['$0 generate study --out piece.mid', 'the best model of the search composes'],
  ],
  options: (yargs) => withEngineOptions(searchOptions(yargs)) as never,
  async run(options, { output, signal }) {
    const reporter = tuningReporter(output);
    const { dataset, out, trials, epochs, reduction, objective, seed, device, threads, maxMinutes } = options;
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
    output.result({ ...summary, pictures }, () => describe(summary));
    if (summary.interrupted) process.exitCode = exitCode.interrupted;
  },
};

function searchOptions(yargs: Argv) {
  return yargs
    .positional('dataset', { type: 'string', demandOption: true, describe: 'Folder that "rondo prepare" made' })
    .option('out', { type: 'string', demandOption: true, requiresArg: true, describe: 'Folder of the search' })
    .option('trials', { type: 'number', default: TUNE_DEFAULTS.trials, requiresArg: true, describe: 'Settings to try' })
    .option('epochs', {
      type: 'number',
      default: TUNE_DEFAULTS.epochs,
      requiresArg: true,
      describe: 'Passes over the data for the last one',
    })
    .option('reduction', {
      type: 'number',
      default: TUNE_DEFAULTS.reduction,
      requiresArg: true,
      describe: 'One of so many goes on, and trains so many times as long',
    })
    .option('space', {
      type: 'string',
      requiresArg: true,
      describe:
        'YAML or JSON: name: value, [values] or { from, to, log } for layers, units, embedding, inputDropout, dropout, sequence, batch, learningRate',
    })
    .option('objective', {
      choices: ['all', 'last'] as const,
      default: TUNE_DEFAULTS.objective,
      describe: 'Predict every next token, or the one after a window',
    })
    .option('seed', {
      type: 'number',
      default: TUNE_DEFAULTS.seed,
      requiresArg: true,
      describe: 'Seed of the settings and the trainings',
    })
    .option('max-minutes', {
      type: 'number',
      requiresArg: true,
      describe: 'Stop after so many minutes; "--resume" goes on',
    })
    .option('resume', { type: 'boolean', default: false, describe: 'Go on with the search in --out' })
    .option('overwrite', { type: 'boolean', default: false, describe: 'Replace the search in --out' })
    .check(({ seed, maxMinutes }) => {
      requireNumber('seed', seed, { min: 0, max: Number.MAX_SAFE_INTEGER, integer: true });
      requireNumber('max-minutes', maxMinutes as number | undefined, { min: 0.001, max: 1e6 });
      return true;
    });
}

const SHOWN = 10;

function describe({ study, trials, failed, best, baselines, seconds, reason }: TuneSummary): string {
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
    String(point.sequence),
    String(point.batch),
    String(Number(point.learningRate.toPrecision(2))),
    formatCount(parameters),
    formatDuration(seconds),
  ]);
  const header = 'trial,loss,right,epochs,layers,embedding,in drop,dropout,sequence,batch,rate,parameters,time'.split(
    ',',
  );
  return formatTable(header, rows, [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12]);
}
