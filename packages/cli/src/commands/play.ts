import fs from 'node:fs';
import { loadBundle } from '@rondo/checkpoint';
import { instantClock, LiveMusic, type LiveOptions, parseCurve, realClock } from '@rondo/generator';
import { writeMidi } from '@rondo/tokenizer';
import type { Argv } from 'yargs';
import type { Command, CommandContext } from '../command.js';
import { writeFile } from '../files/whole-file.js';
import { readScore } from '../models/read-scores.js';
import { withEngineOptions, type EngineOptions } from '../options/engine-options.js';
import { requireNumber } from '../options/ranges.js';
import { CONTROL_HELP, listen } from '../play/controls.js';
import { play } from '../play/player.js';
import { listPorts, openPortSink, openRawSink } from '../play/sinks.js';
import { gatherScore } from '../play/written-music.js';
import { UsageError } from '../terminal/exit-codes.js';
import { formatDuration } from '../terminal/format.js';
import type { Output } from '../terminal/output.js';

interface PlayOptions extends EngineOptions {
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
  async run(options, context) {
    const { output } = context;
    if (options.listPorts) {
      const ports = await listPorts();
      output.result({ ports }, () => (ports.length === 0 ? 'no MIDI outputs' : ports.join('\n')));
      return;
    }
    const { model } = options;
    if (model === undefined) throw new UsageError('play takes a model; "rondo play --help" shows how');
    checkTarget(options);
    const bundle = await loadBundle(model, { device: options.device, threads: options.threads });
    try {
      const wanted = liveOptions(options, output);
      if (options.out !== undefined)
        await writeSmf(new LiveMusic(bundle, wanted, instantClock()), options.out, context);
      else await playLive(new LiveMusic(bundle, wanted), options, context);
    } finally {
      bundle.network.dispose();
    }
  },
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

function checkTarget({ port, raw, out, seconds, chunk }: PlayOptions): void {
  requireNumber('seconds', seconds, { min: 0.1, max: 1e6 });
  requireNumber('chunk', chunk, { min: 1, max: 64, integer: true });
  if (port === undefined && raw === undefined && out === undefined)
    throw new UsageError('say where to play: --port NAME, --raw DEVICE or --out FILE ("-" is stdout)');
  if (out !== undefined && seconds === undefined) throw new UsageError('--out needs --seconds: live music has no end');
}

function liveOptions(options: PlayOptions, output: Output): LiveOptions {
  const { topK, topP, minP, key, chords, range, polyphony, density, instruments, meter, tempo, seed } = options;
  const temperature =
    options.temperature === undefined ? undefined : parseCurve('temperature', String(options.temperature));
  const prime = options.prime === undefined ? undefined : { score: readScore(options.prime, output) };
  const manner = { temperature, topK, topP, minP, key, chords, range, polyphony, density, instruments, meter, tempo };
  return { ...manner, seed, prime, chunkBars: options.chunk, ahead: options.ahead, until: options.seconds };
}

async function writeSmf(music: LiveMusic, out: string, { output, signal }: CommandContext): Promise<void> {
  const score = await gatherScore(music, signal);
  const bytes = writeMidi(score);
  if (out === '-') {
    fs.writeSync(1, bytes);
    return;
  }
  writeFile(out, bytes);
  const notes = score.tracks.reduce((sum, track) => sum + track.notes.length, 0);
  const seconds = score.endTick / 1000;
  output.result({ path: out, notes, seconds }, () => `${out}: ${notes} notes, ${formatDuration(seconds)}`);
}

async function playLive(music: LiveMusic, options: PlayOptions, { output, signal }: CommandContext): Promise<void> {
  const sink = options.raw === undefined ? await openPortSink(options.port ?? '') : openRawSink(options.raw);
  output.note(`playing; Ctrl-C ends it. Lines on stdin change it: ${CONTROL_HELP}`);
  const close = listen(process.stdin, music, (line) => output.note(line));
  try {
    const played = await play(music, sink, realClock, signal);
    output.result(played, () => `${played.notes} notes, ${formatDuration(played.seconds)}, ${played.late} late`);
  } finally {
    close();
    process.stdin.unref?.();
  }
}
