import { inflateSync } from 'node:zlib';

/** The pixels of an 8-bit RGBA or RGB PNG without interlace: enough of a reader for what the rasteriser writes. */
export function readPng(bytes: Uint8Array): { width: number; height: number; at(x: number, y: number): number[] } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const channels = bytes[25] === 6 ? 4 : 3;
  const parts: Uint8Array[] = [];
  for (let at = 8; at < bytes.length; ) {
    const length = view.getUint32(at);
    if (String.fromCharCode(...bytes.subarray(at + 4, at + 8)) === 'IDAT')
      parts.push(bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const raw = unfilter(inflateSync(Buffer.concat(parts)), width * channels, channels);
  return { width, height, at: (x, y) => [...raw.subarray((y * width + x) * channels, (y * width + x) * channels + 3)] };
}

/** Undoes the five row filters of PNG (specification, section 9). */
function unfilter(data: Uint8Array, stride: number, channels: number): Uint8Array {
  const rows = data.length / (stride + 1);
  const out = new Uint8Array(rows * stride);
  for (let row = 0; row < rows; row += 1) {
    const kind = data[row * (stride + 1)];
    for (let index = 0; index < stride; index += 1) {
      const left = index >= channels ? out[row * stride + index - channels] : 0;
      const up = row > 0 ? out[(row - 1) * stride + index] : 0;
      const corner = row > 0 && index >= channels ? out[(row - 1) * stride + index - channels] : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind];
      out[row * stride + index] = data[row * (stride + 1) + 1 + index] + guess;
    }
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
