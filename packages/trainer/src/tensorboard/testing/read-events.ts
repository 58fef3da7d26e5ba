import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An event as its file holds it. */
export interface DecodedEvent {
  wallTime: number;
  step: number;
  version?: string;
  /** Status of a session; 1 = start. */
  session?: number;
  scalars: Record<string, number>;
}

/** The events of the only event file in a folder, with both checksums of every record checked. */
export function readEvents(folder: string): DecodedEvent[] {
  const names = readdirSync(folder).sort();
  return names.flatMap((name) => records(readFileSync(join(folder, name))).map(decodeEvent));
}

/** Records of a file by the description of the format: length, checksum, data, checksum. */
function records(file: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    const data = file.subarray(at + 12, at + 12 + length);
    check(file.subarray(at, at + 8), file.readUInt32LE(at + 8));
    check(data, file.readUInt32LE(at + 12 + length));
    found.push(data);
    at += 16 + length;
  }
  return found;
}

function check(bytes: Buffer, stored: number): void {
  const crc = BigInt(bitwiseCrc32c(bytes));
  const masked = (((crc >> 15n) | (crc << 17n)) & 0xffffffffn) + 0xa282ead8n;
  if (BigInt(stored) !== (masked & 0xffffffffn))
    throw new Error(`checksum ${stored} of ${bytes.length} bytes is wrong`);
}

/** Bit by bit as the polynomial is defined, without a table. */
export function bitwiseCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes)
    for (let bit = 0; bit < 8; bit += 1) {
      const odd = (crc ^ (byte >> bit)) & 1;
      crc = odd === 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    }
  return ~crc >>> 0;
}

type Field = { number: number; value: number | Buffer };

/** Fields of a protocol-buffers message, as they stand. */
function fields(message: Buffer): Field[] {
  const found: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(BigInt.asIntN(64, value));
    }
  };
  while (at < message.length) {
    const key = varint();
    const [number, wire] = [key >> 3, key & 7];
    if (wire === 0) found.push({ number, value: varint() });
    else if (wire === 1) found.push({ number, value: message.readDoubleLE((at += 8) - 8) });
    else if (wire === 5) found.push({ number, value: message.readFloatLE((at += 4) - 4) });
    else if (wire === 2) {
      const length = varint();
      found.push({ number, value: message.subarray(at, (at += length)) });
    } else throw new Error(`wire type ${wire}`);
  }
  return found;
}

function decodeEvent(message: Buffer): DecodedEvent {
  const event: DecodedEvent = { wallTime: NaN, step: 0, scalars: {} };
  for (const { number, value } of fields(message)) {
    if (number === 1) event.wallTime = value as number;
    else if (number === 2) event.step = value as number;
    else if (number === 3) event.version = (value as Buffer).toString();
    else if (number === 7) event.session = fields(value as Buffer)[0].value as number;
    else if (number === 5) for (const one of fields(value as Buffer)) Object.assign(event.scalars, scalar(one));
    else throw new Error(`field ${number}`);
  }
  return event;
}

function scalar({ value }: Field): Record<string, number> {
  const [tag, number] = fields(value as Buffer);
  return { [(tag.value as Buffer).toString()]: number.value as number };
}
