/**
 * A RIFF WAVE file of 16-bit PCM, channels interleaved. Samples outside [-1, 1] are clamped; a fixed triangular dither would
 * cost nothing to hear and much to compare, so rounding is plain.
 */
export function writeWav(channels: readonly Float32Array[], sampleRate: number): Uint8Array {
  const frames = channels[0].length;
  const blockAlign = channels.length * 2;
  const bytes = new Uint8Array(44 + frames * blockAlign);
  const view = new DataView(bytes.buffer);
  const ascii = (offset: number, text: string) =>
    bytes.set(
      [...text].map((letter) => letter.charCodeAt(0)),
      offset,
    );
  ascii(0, 'RIFF');
  view.setUint32(4, 36 + frames * blockAlign, true);
  ascii(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, channels.length, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * blockAlign, true);
  view.setUint16(32, blockAlign, true);
  view.setUint16(34, 16, true);
  ascii(36, 'data');
  view.setUint32(40, frames * blockAlign, true);
  const samples = new Int16Array(frames * channels.length);
  channels.forEach((channel, index) => {
    for (let frame = 0; frame < frames; frame += 1) {
      const clamped = Math.max(-1, Math.min(1, channel[frame]));
      samples[frame * channels.length + index] = Math.round(clamped * 32767);
    }
  });
  copyLittleEndian(samples, bytes);
  return bytes;
}

function copyLittleEndian(samples: Int16Array, bytes: Uint8Array): void {
  const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  if (littleEndian) {
    bytes.set(new Uint8Array(samples.buffer), 44);
    return;
  }
  const view = new DataView(bytes.buffer, 44);
  samples.forEach((sample, index) => view.setInt16(index * 2, sample, true));
}
