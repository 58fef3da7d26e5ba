import type { Command } from '../command.js';
import { withConditionOptions, type ConditionOptions } from '../options/condition-options.js';
import { withSchemeOptions, type SchemeOptions } from '../options/scheme-options.js';

export interface PrepareCommandOptions extends SchemeOptions, ConditionOptions {
  midi: string[];
  out: string;
  valid?: string;
  test?: string;
  split?: string;
  transpose: string;
  stretch?: string;
  velocityShift?: string;
  alone?: string;
  bpe?: number;
  workers?: number;
  seed: number;
}

/** `rondo prepare`: MIDI files → a dataset of token ids. */
export const prepareCommand: Command<PrepareCommandOptions> = {
  usage: 'prepare <midi..>',
  summary: 'Turn MIDI files and folders into a dataset of tokens',
  examples: [
    ['$0 prepare midi --out data', 'a folder, split 80/10/10 by piece'],
    ['$0 prepare train --valid valid --out data --transpose -5..6', 'given held-out pieces, twelve keys in training'],
    ['$0 prepare midi --out data --condition genre=folder,key', 'pieces by genre and key, to be asked for later'],
    ['$0 prepare midi --out data --scheme chord', "the tutorial's notes and chords"],
    ['$0 prepare piano --out data --scheme performance --pedals', 'playing as it was played, for the presets of piano'],
    ['$0 prepare midi --out data --scheme performance --bpe 4096', 'shorter sequences: frequent tokens merged'],
  ],
  options: (yargs) =>
    withConditionOptions(
      withSchemeOptions(
        yargs
          .positional('midi', {
            type: 'string',
            array: true,
            demandOption: true,
            describe: 'MIDI files, folders, patterns, .zip and .tar.gz',
          })
          .option('out', { type: 'string', demandOption: true, requiresArg: true, describe: 'Folder of the dataset' })
          .option('valid', { type: 'string', requiresArg: true, describe: 'Folder of validation pieces' })
          .option('test', { type: 'string', requiresArg: true, describe: 'Folder of test pieces' })
          .option('split', {
            type: 'string',
            requiresArg: true,
            describe: 'Shares of train/valid/test pieces (default 80/10/10)',
          })
          .option('transpose', {
            type: 'string',
            nargs: 1,
            default: '0..0',
            describe: 'Semitones of the copies in training, e.g. -5..6',
          })
          .option('stretch', {
            type: 'string',
            requiresArg: true,
            describe: 'Tempo factors of the copies in training, e.g. 0.95,1.05',
          })
          .option('velocity-shift', {
            type: 'string',
            nargs: 1,
            describe: 'remi, performance: louder and softer copies in training, e.g. -10,10',
          })
          .option('alone', {
            type: 'string',
            requiresArg: true,
            describe: 'remi: parts that also train by themselves, e.g. drums,bass',
          })
          .option('bpe', {
            type: 'number',
            requiresArg: true,
            describe: 'remi, performance: merge tokens that often stand together, up to so many in the vocabulary',
          })
          .option('workers', {
            type: 'number',
            requiresArg: true,
            describe: 'Threads that read files (default: all cores, where there is enough to read)',
          })
          .option('seed', { type: 'number', requiresArg: true, default: 0, describe: 'Seed of the split' })
          .group(
            [
              'out',
              'valid',
              'test',
              'split',
              'transpose',
              'stretch',
              'velocity-shift',
              'alone',
              'bpe',
              'workers',
              'seed',
            ],
            'Dataset:',
          ),
      ),
    ) as never,
  action: () => import('../actions/prepare.js'),
};
