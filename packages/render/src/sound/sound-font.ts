import fs from 'node:fs/promises';
import { TempoMap, type Score } from '@rondo/tokenizer';
import { RenderError } from '../errors.js';
import { level } from './level.js';
import type { Stereo } from './voice.js';

/** The bytes of a SoundFont (.sf2, .sf3) or the path of one. */
export type SoundFont = Uint8Array | string;

interface ChannelEvent {
  sample: number;
  /** At one time: releases first, then controllers, then strokes. */
  order: number;
  send(synth: Synth): void;
}

interface Synth {
  noteOn(channel: number, key: number, velocity: number): void;
  noteOff(channel: number, key: number): void;
  controllerChange(channel: number, controller: number, value: number): void;
  programChange(channel: number, program: number): void;
}

const drumChannel = 9;
const sustainPedal = 64;
const block = 128;

/**
 * Plays a score with a SoundFont (spessasynth_core) into fresh buffers of `frames` samples.
 * @throws RenderError RONDO_RENDER_SOUNDFONT where the font cannot be read
 */
export async function playSoundFont(
  score: Score,
  soundFont: SoundFont,
  frames: number,
  sampleRate: number,
): Promise<Stereo> {
  const { SoundBankLoader, SpessaSynthProcessor } = await import('spessasynth_core');
  const bytes = await readFont(soundFont);
  const processor = new SpessaSynthProcessor(sampleRate, { eventsEnabled: false });
  await processor.processorInitialized;
  try {
    const copy = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    processor.soundBankManager.addSoundBank(SoundBankLoader.fromArrayBuffer(copy), 'main');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw fontError(`is no SoundFont (${reason}); give an .sf2 or .sf3 file`, soundFont, error);
  }
  const out: Stereo = { left: new Float32Array(frames), right: new Float32Array(frames), sampleRate };
  const events = eventsOf(score, sampleRate);
  let at = 0;
  const advance = (until: number) => {
    while (at < until) {
      const count = Math.min(block, until - at);
      processor.process(out.left, out.right, at, count);
      at += count;
    }
  };
  for (const event of events) {
    advance(Math.min(frames, event.sample));
    event.send(processor as unknown as Synth);
  }
  advance(frames);
  level(out);
  return out;
}

async function readFont(soundFont: SoundFont): Promise<Uint8Array> {
  if (typeof soundFont !== 'string') return soundFont;
  try {
    return await fs.readFile(soundFont);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw fontError(`cannot be read (${reason}); check the path`, soundFont, error);
  }
}

function fontError(what: string, soundFont: SoundFont, cause: unknown): RenderError {
  const name = typeof soundFont === 'string' ? ` ${soundFont}` : '';
  return new RenderError('RONDO_RENDER_SOUNDFONT', `The SoundFont${name} ${what}.`, { cause });
}

/** What every track sends, in time order. */
function eventsOf(score: Score, sampleRate: number): ChannelEvent[] {
  const tempo = TempoMap.of(score);
  const sample = (tick: number) => Math.round(tempo.seconds(tick) * sampleRate);
  const channels = channelsOf(score);
  const events: ChannelEvent[] = [];
  const add = (at: number, order: number, send: (synth: Synth) => void) => events.push({ sample: at, order, send });
  score.tracks.forEach((track, index) => {
    const channel = channels[index];
    if (!track.isDrum) add(0, 0, (synth) => synth.programChange(channel, track.program));
    for (const { tick, duration } of track.pedals) {
      add(sample(tick), 1, (synth) => synth.controllerChange(channel, sustainPedal, 127));
      add(sample(tick + duration), 1, (synth) => synth.controllerChange(channel, sustainPedal, 0));
    }
    for (const { tick, duration, pitch, velocity } of track.notes) {
      add(sample(tick), 2, (synth) => synth.noteOn(channel, pitch, velocity));
      add(sample(tick + duration), 0, (synth) => synth.noteOff(channel, pitch));
    }
  });
  return events.sort((a, b) => a.sample - b.sample || a.order - b.order);
}

/** Channel of every track: drums on the tenth; one per program, shared once all fifteen are taken. */
function channelsOf(score: Score): number[] {
  const free = Array.from({ length: 16 }, (_, channel) => channel).filter((channel) => channel !== drumChannel);
  const byProgram = new Map<number, number>();
  return score.tracks.map((track) => {
    if (track.isDrum) return drumChannel;
    const known = byProgram.get(track.program);
    const channel = known !== undefined && free.length === 0 ? known : (free.shift() ?? 0);
    byProgram.set(track.program, channel);
    return channel;
  });
}
