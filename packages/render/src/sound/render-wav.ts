import { TempoMap, type Score } from '@rondo/tokenizer';
import { RenderError } from '../errors.js';
import { playSoundFont, type SoundFont } from './sound-font.js';
import { synthesise } from './synthesiser.js';
import { writeWav } from './wav.js';

/** How notes become sound. */
export interface WavOptions {
  /** Hz, 8000 to 192000; default 44100. */
  sampleRate?: number;
  /** Bytes or path of an .sf2/.sf3; default: the built-in synthesiser. */
  soundFont?: SoundFont;
  /** Seconds after the end of the piece in which the last notes die away; default 2.5. */
  tail?: number;
}

const longest = 2 * 3600; // seconds; beyond it the buffers pass several GB

/**
 * A score as a stereo WAV file of 16-bit PCM: length of the piece plus the tail. The same score gives the same bytes.
 * @throws RenderError RONDO_RENDER_SAMPLE_RATE, RONDO_RENDER_TAIL, RONDO_RENDER_TOO_LONG, RONDO_RENDER_SOUNDFONT
 */
export async function renderWav(score: Score, options: WavOptions = {}): Promise<Uint8Array> {
  const sampleRate = options.sampleRate ?? 44_100;
  const tail = options.tail ?? 2.5;
  check(sampleRate, tail);
  const seconds = TempoMap.of(score).seconds(score.endTick);
  if (seconds > longest)
    throw new RenderError(
      'RONDO_RENDER_TOO_LONG',
      `The piece lasts ${Math.round(seconds / 60)} minutes; at most ${longest / 60} can be rendered at once: cut it.`,
    );
  const frames = Math.ceil((seconds + tail) * sampleRate);
  const sound = options.soundFont
    ? await playSoundFont(score, options.soundFont, frames, sampleRate)
    : synthesise(score, frames, sampleRate);
  fadeOut(sound.left, sampleRate, tail);
  fadeOut(sound.right, sampleRate, tail);
  return writeWav([sound.left, sound.right], sampleRate);
}

function check(sampleRate: number, tail: number): void {
  if (!(Number.isInteger(sampleRate) && sampleRate >= 8000 && sampleRate <= 192_000))
    throw new RenderError(
      'RONDO_RENDER_SAMPLE_RATE',
      `The sample rate is a whole number from 8000 to 192000, not ${sampleRate}.`,
    );
  if (!(tail >= 0 && tail <= 60))
    throw new RenderError('RONDO_RENDER_TAIL', `The tail is 0 to 60 seconds, not ${tail}.`);
}

/** The last fifth of the tail goes to silence, so that the file never ends in a click. */
function fadeOut(channel: Float32Array, sampleRate: number, tail: number): void {
  const count = Math.min(channel.length, Math.max(64, Math.round((tail / 5) * sampleRate)));
  for (let index = 0; index < count; index += 1) {
    channel[channel.length - 1 - index] *= 0.5 - 0.5 * Math.cos((Math.PI * index) / count);
  }
}
