import { loadBundle } from '@rondo/checkpoint';
import { instantClock, LiveMusic, type LiveOptions, parseCurve, realClock } from '@rondo/generator';
import { TempoMap, writeMidi } from '@rondo/tokenizer';
import type { CommandContext } from '../command.js';
import { writeFile } from '../files/whole-file.js';
import { readScore } from '../models/read-score.js';
import { engineOf } from '../options/engine-options.js';
import { requireNumber } from '../options/ranges.js';
import { CONTROL_HELP } from '../play/control-help.js';
import { listen } from '../play/controls.js';
import { play } from '../play/player.js';
import { listPorts, openPortSink, openRawSink } from '../play/sinks.js';
import { gatherScore } from '../play/written-music.js';
import { UsageError } from '../terminal/exit-codes.js';
import { formatDuration } from '../terminal/format.js';
import { writeAll } from '../terminal/write-all.js';
import type { Output } from '../terminal/output.js';
import type { PlayOptions } from '../commands/play.js';

/** `rondo play`: a model makes music in real time. */
export async function run(options: PlayOptions, context: CommandContext): Promise<void> {
  const { output } = context;
  if (options.listPorts) {
    const ports = await listPorts();
    output.result({ ports }, () => (ports.length === 0 ? 'no MIDI outputs' : ports.join('\n')));
    return;
  }
  const { model } = options;
  if (model === undefined) throw new UsageError('play takes a model; "rondo play --help" shows how');
  checkTarget(options);
  const bundle = await loadBundle(model, engineOf(options, output));
  try {
    const wanted = liveOptions(options, output);
    if (options.out !== undefined) await writeSmf(new LiveMusic(bundle, wanted, instantClock()), options.out, context);
    else await playLive(new LiveMusic(bundle, wanted), options, context);
  } finally {
    bundle.network.dispose();
  }
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
  if (out === '-') return writeAll(process.stdout, bytes);
  writeFile(out, bytes);
  const notes = score.tracks.reduce((sum, track) => sum + track.notes.length, 0);
  const seconds = TempoMap.of(score).seconds(score.endTick);
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
