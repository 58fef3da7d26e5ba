/** One note to be sounded, times in samples. */
export interface Voice {
  start: number;
  /** Samples from the stroke until the key (or the pedal) lets go. */
  held: number;
  pitch: number;
  /** 0..1. */
  strength: number;
  /** -1 left … 1 right. */
  pan: number;
}

/** The two channels a voice is added to, all of one length. */
export interface Stereo {
  left: Float32Array;
  right: Float32Array;
  sampleRate: number;
}

/** Hz of a MIDI key in equal temperament, A4 = 440. */
export function frequencyOf(pitch: number): number {
  return 440 * 2 ** ((pitch - 69) / 12);
}

/** Adds a mono signal to both channels with constant power, from `start` on, cut at the end of the buffers. */
export function addPanned(out: Stereo, signal: Float32Array, voice: Voice): void {
  const angle = ((voice.pan + 1) * Math.PI) / 4;
  const [left, right] = [Math.cos(angle), Math.sin(angle)];
  const count = Math.min(signal.length, out.left.length - voice.start);
  for (let index = 0; index < count; index += 1) {
    out.left[voice.start + index] += signal[index] * left;
    out.right[voice.start + index] += signal[index] * right;
  }
}
