import type { Argv } from 'yargs';
import type { Command } from '../command.js';
import { withEngineOptions, type EngineOptions } from '../options/engine-options.js';
import { CONTROL_HELP } from '../play/control-help.js';

export interface PlayOptions extends EngineOptions {
  model?: string;
  port?: string;
  raw?: string;
  out?: string;
  listPorts: boolean;
  seconds?: number;
  chunk: number;
  ahead: number;
  prime?: string;
  temperature?: string;
  topK?: number;
  topP?: number;
  minP?: number;
  key?: string;
  chords?: string;
  range?: string;
  polyphony?: number;
  density?: number;
  instruments?: string;
  meter?: string;
  tempo?: number;
  seed: number;
}

/** `rondo play`: a model makes music in real time. */
export const playCommand: Command<PlayOptions> = {
  usage: 'play [model]',
  summary: 'Play live to a MIDI port, a device or a file',
  examples: [
    ['$0 play --list-ports', 'the MIDI outputs of this system'],
    ['$0 play run --port synth --key "A minor"', 'to the first port whose name holds "synth", until Ctrl-C'],
    ['$0 play run --raw /dev/snd/midiC1D0 --tempo 96', 'raw MIDI to a device (Linux), without any package'],
    ['$0 play run --out - --seconds 60 | fluidsynth …', 'a Standard MIDI File on stdout, as fast as it is made'],
  ],
  options: (yargs) => withEngineOptions(musicOptions(targetOptions(yargs))) as never,
  action: () => import('../actions/play.js'),
};

function targetOptions(yargs: Argv): Argv {
  return yargs
    .positional('model', { type: 'string', describe: 'Model bundle, or a run (its best)' })
    .option('port', { type: 'string', requiresArg: true, describe: 'MIDI port by name or number, or "virtual"' })
    .option('raw', { type: 'string', requiresArg: true, describe: 'Device file or pipe that takes raw MIDI bytes' })
    .option('out', { type: 'string', requiresArg: true, describe: 'MIDI file to write instead, - for stdout' })
    .option('list-ports', { type: 'boolean', default: false, describe: 'List the MIDI ports' })
    .option('seconds', { type: 'number', requiresArg: true, describe: 'End after so many seconds, at a bar line' })
    .option('chunk', { type: 'number', requiresArg: true, default: 2, describe: 'Bars made in one go' })
    .option('ahead', { type: 'number', requiresArg: true, default: 1, describe: 'Seconds that notes are made ahead' })
    .conflicts('port', ['raw', 'out'])
    .conflicts('raw', 'out')
    .group(['port', 'raw', 'out', 'list-ports', 'seconds', 'chunk', 'ahead'], 'Where and how long:');
}

function musicOptions(yargs: Argv): Argv {
  const text = (describe: string) => ({ type: 'string', requiresArg: true, describe }) as const;
  const number = (describe: string) => ({ type: 'number', requiresArg: true, describe }) as const;
  return yargs
    .option('prime', text('MIDI file to go on from'))
    .option('temperature', text('Below 1 safer, above 1 wilder (default 1)'))
    .option('top-k', number('Choose among the k likeliest tokens'))
    .option('top-p', number('Choose among the likeliest that make up this share'))
    .option('min-p', number('Drop tokens below this share of the likeliest'))
    .option('key', text('Key or scale'))
    .option('chords', text('Chords by bar, again and again'))
    .option('range', text('Lowest and highest pitch'))
    .option('polyphony', number('At most so many notes at once'))
    .option('density', number('Notes a bar'))
    .option('instruments', text('Only these'))
    .option('meter', text('Meter'))
    .option('tempo', number('Quarters a minute'))
    .option('seed', { type: 'number', requiresArg: true, default: 0, describe: 'The same seed gives the same music' })
    .epilogue(`While it plays, lines on stdin change it: ${CONTROL_HELP}`)
    .group(
      ['prime', 'temperature', 'top-k', 'top-p', 'min-p', 'key', 'chords', 'range', 'polyphony', 'density', 'instruments', 'meter', 'tempo', 'seed'],
      'Music:',
    ); // prettier-ignore
}
