import { ProtoMessage } from '@rondo/checkpoint/protobuf';
import { makeFolder } from '@rondo/tokenizer/node';
import { closeSync, openSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { maskedCrc32c } from './crc32c.js';

// Field numbers of event.proto and summary.proto.
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7 } as const;
const VALUE = { tag: 1, simpleValue: 2 } as const;
const SESSION_START = 1;

let files = 0;

/** An event file of TensorBoard: what is written to it stands in the file at once. */
export class EventFile {
  readonly path: string;
  private readonly file: number;

  /** Makes the folder and the file, whose name is new. @throws the system's error */
  constructor(folder: string) {
    makeFolder(folder);
    const seconds = Math.floor(Date.now() / 1000);
    const host = hostname().replace(/[^\w.-]/g, '_');
    this.path = join(folder, `events.out.tfevents.${seconds}.${host}.${process.pid}.${(files += 1)}`);
    this.file = openSync(this.path, 'ax');
    this.write(event(0).text(EVENT.fileVersion, 'brain.Event:2'));
  }

  /** Numbers of a step; those that are undefined are left out. */
  scalars(step: number, values: Readonly<Record<string, number | undefined>>): void {
    const summary = new ProtoMessage();
    for (const [tag, value] of Object.entries(values))
      if (value !== undefined)
        summary.message(1, new ProtoMessage().text(VALUE.tag, tag).float(VALUE.simpleValue, value));
    this.write(event(step).message(EVENT.summary, summary));
  }

  /** Says that the run goes on at `step`: what earlier files hold from there on does not count any more. */
  restart(step: number): void {
    this.write(event(step).message(EVENT.sessionLog, new ProtoMessage().int(1, SESSION_START)));
  }

  close(): void {
    closeSync(this.file);
  }

  private write(message: ProtoMessage): void {
    writeSync(this.file, record(message.toBytes()));
  }
}

function event(step: number): ProtoMessage {
  return new ProtoMessage().double(EVENT.wallTime, Date.now() / 1000).int(EVENT.step, step);
}

/** TFRecord: length (uint64), its checksum, the data, their checksum; all little-endian. */
export function record(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(16 + data.byteLength);
  const view = new DataView(out.buffer);
  view.setBigUint64(0, BigInt(data.byteLength), true);
  view.setUint32(8, maskedCrc32c(out.subarray(0, 8)), true);
  out.set(data, 12);
  view.setUint32(12 + data.byteLength, maskedCrc32c(data), true);
  return out;
}
