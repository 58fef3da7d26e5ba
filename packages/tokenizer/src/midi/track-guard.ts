import { ByteBuffer } from './byte-buffer.js';

/**
 * The gate in front of `midi-file`. That parser trusts its input: it throws bare strings, reads past the
 * end (giving undefined and NaN), overflows on five-byte lengths and keeps every aftertouch and lyric as
 * an object. The guard walks a track once, stays inside its bounds, and passes on only well-formed
 * events of the kinds a Score is made of; the delta times of what it drops are carried over.
 */
export interface GuardedTrack {
  /** Well-formed track data that ends with an end-of-track event. */
  bytes: Uint8Array;
  /** Note-on events in it. */
  noteOns: number;
  /** Whether the track has its end-of-track event. */
  complete: boolean;
  /** Ticks from the start to the end of the track. */
  ticks: number;
  /** What was wrong, one line each. */
  warnings: string[];
}

/** Largest delta time and length that four bytes can hold. */
const MAX_VAR_INT = 0x0fffffff;
/** An event that says nothing. */
const EMPTY_TEXT = Uint8Array.of(0xff, 0x01, 0);
/** Meta events that a Score keeps, with the data lengths that are legal for them. */
const KEPT_META = new Map<number, readonly number[] | undefined>([
  [0x03, undefined],
  [0x21, [1]],
  [0x51, [3]],
  [0x58, [2, 4]],
  [0x59, [2]],
]);
/** Data bytes after the system messages that are illegal in a file but seen in the wild. */
const SYSTEM_DATA_BYTES: Record<number, number> = { 0xf1: 1, 0xf2: 2, 0xf3: 1 };
const CHANNEL_DATA_BYTES = [2, 2, 2, 2, 1, 1, 2] as const;
/** Longest track name kept, in bytes. */
const MAX_TEXT = 1024;

/** Walks one track; never throws. */
export function guardTrack(data: Uint8Array): GuardedTrack {
  return new TrackGuard(data).run();
}

class TrackGuard {
  readonly #out = new ByteBuffer(256);
  readonly #warnings = new Set<string>();
  #position = 0;
  #pendingDelta = 0;
  #ticks = 0;
  #status = 0;
  #noteOns = 0;
  #complete = false;

  constructor(private readonly data: Uint8Array) {}

  run(): GuardedTrack {
    while (!this.#complete && this.#position < this.data.length) {
      const start = this.#position;
      if (!this.#event()) {
        this.#warnings.add(`cannot be read after byte ${start} of ${this.data.length}`);
        break;
      }
    }
    this.#emit(Uint8Array.of(0xff, 0x2f, 0));
    return {
      bytes: this.#out.bytes(),
      noteOns: this.#noteOns,
      complete: this.#complete,
      ticks: this.#ticks,
      warnings: [...this.#warnings],
    };
  }

  /** Reads one event; false when the data makes no sense from here on. */
  #event(): boolean {
    const delta = this.#varInt();
    if (delta === undefined || this.#position >= this.data.length) return false;
    this.#pendingDelta += delta;
    this.#ticks += delta;
    const first = this.data[this.#position];
    if (first === 0xff) return this.#meta();
    if (first === 0xf0 || first === 0xf7) return this.#sysEx();
    if (first > 0xf0) return this.#strayMessage(first);
    return this.#channelMessage(first);
  }

  #meta(): boolean {
    const type = this.data[this.#position + 1];
    this.#position += 2;
    const length = type === undefined ? undefined : this.#varInt();
    if (type === undefined || length === undefined) return false;
    const end = this.#position + length;
    if (type === 0x2f) {
      this.#complete = true;
      return true;
    }
    if (end > this.data.length) return false;
    if (KEPT_META.has(type)) this.#keepMeta(type, this.data.subarray(this.#position, end));
    this.#position = end;
    return true;
  }

  #keepMeta(type: number, data: Uint8Array): void {
    const lengths = KEPT_META.get(type);
    if (lengths !== undefined && !lengths.includes(data.length)) {
      this.#warnings.add(`ignored a meta event of type ${type} with ${data.length} data bytes`);
      return;
    }
    const kept = data.subarray(0, MAX_TEXT);
    const event = new ByteBuffer(kept.length + 4);
    event.push(0xff, type);
    event.varInt(kept.length);
    event.append(kept);
    this.#emit(event.bytes());
  }

  #sysEx(): boolean {
    this.#position++;
    const length = this.#varInt();
    if (length === undefined || this.#position + length > this.data.length) return false;
    this.#position += length;
    return true;
  }

  /** Real-time and common messages belong on a cable, not in a file; they carry no music. */
  #strayMessage(status: number): boolean {
    this.#warnings.add(`ignored a system message ${status.toString(16)}, which is illegal in a file`);
    this.#position += 1 + (SYSTEM_DATA_BYTES[status] ?? 0);
    return this.#position <= this.data.length;
  }

  #channelMessage(first: number): boolean {
    if (first >= 0x80) {
      this.#status = first;
      this.#position++;
    } else if (this.#status === 0) {
      return false;
    }
    const kind = (this.#status >> 4) - 8;
    const count = CHANNEL_DATA_BYTES[kind];
    if (this.#position + count > this.data.length) return false;
    const data1 = this.data[this.#position];
    const data2 = count === 2 ? this.data[this.#position + 1] : 0;
    this.#position += count;
    if ((data1 | data2) >= 0x80) {
      const status = this.#status.toString(16);
      this.#warnings.add(`ignored a channel message with a data byte above 127 (status ${status})`);
    } else if (isKept(kind, data1)) {
      if (kind === 1 && data2 > 0) this.#noteOns++;
      this.#emitDelta();
      this.#out.push(this.#status, data1);
      if (count === 2) this.#out.push(data2);
    }
    return true;
  }

  #emit(event: Uint8Array): void {
    this.#emitDelta();
    this.#out.append(event);
  }

  /** Time since the last kept event. */
  #emitDelta(): void {
    // A wait over dropped events may be longer than one event can say.
    for (; this.#pendingDelta > MAX_VAR_INT; this.#pendingDelta -= MAX_VAR_INT) {
      this.#out.varInt(MAX_VAR_INT);
      this.#out.append(EMPTY_TEXT);
    }
    this.#out.varInt(this.#pendingDelta);
    this.#pendingDelta = 0;
  }

  #varInt(): number | undefined {
    let value = 0;
    for (let i = 0; i < 4; i++) {
      const byte = this.data[this.#position++];
      if (byte === undefined) return undefined;
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    return undefined;
  }
}

/** Note-off, note-on, program change and the sustain pedal. */
function isKept(kind: number, firstData: number): boolean {
  return kind === 0 || kind === 1 || kind === 4 || (kind === 3 && firstData === 64);
}
