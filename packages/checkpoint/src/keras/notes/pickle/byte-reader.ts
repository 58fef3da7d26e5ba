import { PickleError } from './pickled.js';

const latin1 = new TextDecoder('latin1');

/** The bytes of a pickle, one after the other. Every reading past the end is a PickleError. */
export class ByteReader {
  private at = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Of the next byte. */
  get position(): number {
    return this.at;
  }

  /** The next `count` bytes, not copied. */
  take(count: number): Uint8Array {
    const from = this.skip(count);
    return this.bytes.subarray(from, from + count);
  }

  byte(): number {
    return this.view.getUint8(this.skip(1));
  }

  /** Of 1, 2, 4 or 8 bytes, little-endian; beyond 2⁵³ it is rounded. */
  unsigned(size: 1 | 2 | 4 | 8): number {
    const from = this.skip(size);
    if (size === 8) return Number(this.view.getBigUint64(from, true));
    if (size === 4) return this.view.getUint32(from, true);
    return size === 2 ? this.view.getUint16(from, true) : this.view.getUint8(from);
  }

  int32(): number {
    return this.view.getInt32(this.skip(4), true);
  }

  /** The one number of the format that is big-endian. */
  float64(): number {
    return this.view.getFloat64(this.skip(8), false);
  }

  /** Text up to the end of the line, which is passed. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw new PickleError('it is cut short');
    const text = latin1.decode(this.take(end - this.at));
    this.at += 1;
    return text.replace(/\r$/, '');
  }

  /** Position of the next `count` bytes, which are passed. */
  private skip(count: number): number {
    const from = this.at;
    if (!(count <= this.bytes.length - from)) throw new PickleError('it is cut short');
    this.at += count;
    return from;
  }
}
