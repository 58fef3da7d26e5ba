/** Wire types of protocol buffers. */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

const encoder = new TextEncoder();

/**
 * A protocol-buffers message being written, field by field, in the order of the calls. Large byte fields are kept as
 * they are until {@link toBytes}: nothing is copied for nesting.
 */
export class ProtoMessage {
  private readonly chunks: Uint8Array[] = [];
  private length = 0;

  /** Bytes of the message so far. */
  get byteLength(): number {
    return this.length;
  }

  /** int32, int64, uint64, bool or an enumeration. Negative numbers take ten bytes, as the format wants. */
  int(field: number, value: number | bigint): this {
    return this.tag(field, VARINT).append(varint(value));
  }

  /** Each number as a field of its own: a repeated one that is not packed. */
  ints(field: number, values: readonly number[]): this {
    for (const value of values) this.int(field, value);
    return this;
  }

  /** Four bytes, little-endian. */
  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.tag(field, FIXED32).append(bytes);
  }

  /** Eight bytes, little-endian. */
  double(field: number, value: number): this {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    return this.tag(field, FIXED64).append(bytes);
  }

  /** Bytes as they are, not copied. */
  bytes(field: number, value: Uint8Array): this {
    return this.tag(field, BYTES).append(varint(value.byteLength)).append(value);
  }

  /** UTF-8. */
  text(field: number, value: string): this {
    return this.bytes(field, encoder.encode(value));
  }

  /** A repeated text. */
  texts(field: number, values: readonly string[]): this {
    for (const value of values) this.text(field, value);
    return this;
  }

  /** A message inside of this one, as it is now: what is added to it later is not seen. */
  message(field: number, value: ProtoMessage): this {
    this.tag(field, BYTES).append(varint(value.length));
    for (const chunk of value.chunks) this.append(chunk);
    return this;
  }

  /** A repeated message. */
  messages(field: number, values: Iterable<ProtoMessage>): this {
    for (const value of values) this.message(field, value);
    return this;
  }

  /** The whole message, in new memory. */
  toBytes(): Uint8Array {
    const out = new Uint8Array(this.length);
    let at = 0;
    for (const chunk of this.chunks) {
      out.set(chunk, at);
      at += chunk.byteLength;
    }
    return out;
  }

  private tag(field: number, wire: number): this {
    return this.append(varint(field * 8 + wire));
  }

  private append(bytes: Uint8Array): this {
    this.chunks.push(bytes);
    this.length += bytes.byteLength;
    return this;
  }
}

function varint(value: number | bigint): Uint8Array {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 128n) {
    out.push(Number(rest & 127n) + 128);
    rest >>= 7n;
  }
  out.push(Number(rest));
  return Uint8Array.from(out);
}
