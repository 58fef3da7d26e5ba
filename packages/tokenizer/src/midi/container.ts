import { MidiError } from '../errors.js';
import { DEFAULT_LIMITS, type ReadMidiOptions } from './limits.js';

/** The chunks of a standard MIDI file, their contents not yet looked at. */
export interface MidiContainer {
  format: 0 | 1 | 2;
  /** The raw division word: ticks per quarter, or SMPTE when bit 15 is set. */
  division: number;
  tracks: TrackChunk[];
  warnings: string[];
}

export interface TrackChunk {
  bytes: Uint8Array;
  /** The chunk claims more bytes than the file has. */
  cut: boolean;
}

const HEADER_BYTES = 14;

/**
 * Finds the track chunks of a `.mid`, `.kar` or `.rmi` (RIFF) file.
 * Unknown chunks are skipped; a wrong track count is a warning.
 *
 * @throws MidiError EMPTY, TOO_BIG, NOT_MIDI, TRUNCATED (within the header), HEADER, NO_TRACKS
 */
export function readContainer(file: Uint8Array, options: ReadMidiOptions = {}): MidiContainer {
  const maxBytes = options.maxBytes ?? DEFAULT_LIMITS.maxBytes;
  if (file.length === 0) throw new MidiError('RONDO_MIDI_EMPTY', 'the file is empty (0 bytes)');
  if (file.length > maxBytes) {
    throw new MidiError('RONDO_MIDI_TOO_BIG', `the file has ${file.length} bytes, more than the limit of ${maxBytes}`);
  }
  const warnings: string[] = [];
  const bytes = skipPreamble(unwrapRiff(file), warnings);
  const header = readHeader(bytes);
  const tracks = readChunks(bytes, header.end, warnings);
  if (tracks.length === 0) {
    throw new MidiError('RONDO_MIDI_NO_TRACKS', 'the file has a MIDI header but no track');
  }
  const maxTracks = options.maxTracks ?? DEFAULT_LIMITS.maxTracks;
  if (tracks.length > maxTracks) {
    throw new MidiError(
      'RONDO_MIDI_TOO_BIG',
      `the file has ${tracks.length} tracks, more than the limit of ${maxTracks}`,
    );
  }
  if (tracks.length !== header.trackCount) {
    warnings.push(`the header announces ${header.trackCount} tracks, the file has ${tracks.length}`);
  }
  return { format: header.format, division: header.division, tracks, warnings };
}

/** A `.rmi` file is a RIFF of type RMID whose `data` chunk is the MIDI file. */
function unwrapRiff(bytes: Uint8Array): Uint8Array {
  if (ascii(bytes, 0, 4) !== 'RIFF' || ascii(bytes, 8, 4) !== 'RMID') return bytes;
  let position = 12;
  while (position + 8 <= bytes.length) {
    const id = ascii(bytes, position, 4);
    const size = view(bytes).getUint32(position + 4, true);
    if (id === 'data') return bytes.subarray(position + 8, Math.min(bytes.length, position + 8 + size));
    position += 8 + size + (size % 2);
  }
  throw new MidiError('RONDO_MIDI_NOT_MIDI', 'the RIFF file has no data chunk with MIDI in it');
}

/** Some collections prefix files with a MacBinary header or a few stray bytes; look a little way in. */
function skipPreamble(bytes: Uint8Array, warnings: string[]): Uint8Array {
  if (ascii(bytes, 0, 4) === 'MThd') return bytes;
  for (let start = 1; start <= 128; start++) {
    if (ascii(bytes, start, 8) === 'MThd\0\0\0\x06') {
      warnings.push(`skipped ${start} bytes in front of the MIDI header`);
      return bytes.subarray(start);
    }
  }
  throw new MidiError(
    'RONDO_MIDI_NOT_MIDI',
    `not a MIDI file: it should begin with "MThd" but ${describeStart(bytes)}`,
  );
}

function describeStart(bytes: Uint8Array): string {
  const head = bytes.subarray(0, 64);
  if (head[0] === 0x1f && head[1] === 0x8b) return 'is gzip-compressed (unpack it first)';
  if (ascii(head, 0, 2) === 'PK') return 'is a zip archive (unpack it first)';
  const printable = head.every((b) => (b >= 0x20 && b < 0x7f) || b === 9 || b === 10 || b === 13 || b >= 0xa0);
  if (printable) return `is text that begins with ${JSON.stringify(ascii(head, 0, 16))}`;
  const hex = [...head.subarray(0, 4)].map((b) => b.toString(16).padStart(2, '0')).join(' ');
  return `begins with the bytes ${hex}`;
}

function readHeader(bytes: Uint8Array) {
  if (bytes.length < HEADER_BYTES) {
    throw new MidiError('RONDO_MIDI_TRUNCATED', `the file is cut within its header (${bytes.length} bytes)`);
  }
  const data = view(bytes);
  const length = data.getUint32(4);
  const format = data.getUint16(8);
  const division = data.getUint16(12);
  if (length < 6 || format > 2) {
    throw new MidiError(
      'RONDO_MIDI_HEADER',
      `the MIDI header is not valid: length ${length} (expected 6), format ${format} (expected 0, 1 or 2)`,
    );
  }
  if (division === 0) {
    throw new MidiError('RONDO_MIDI_HEADER', 'the MIDI header gives 0 ticks per quarter note');
  }
  return { format: format as 0 | 1 | 2, division, trackCount: data.getUint16(10), end: 8 + length };
}

function readChunks(bytes: Uint8Array, start: number, warnings: string[]): TrackChunk[] {
  const tracks: TrackChunk[] = [];
  const data = view(bytes);
  let position = start;
  while (position + 8 <= bytes.length) {
    const id = ascii(bytes, position, 4);
    const end = position + 8 + data.getUint32(position + 4);
    if (id === 'MTrk') {
      tracks.push({ bytes: bytes.subarray(position + 8, end), cut: end > bytes.length });
    } else if (/^[\x20-\x7e]{4}$/.test(id)) {
      warnings.push(`skipped a chunk ${JSON.stringify(id)}`);
    } else {
      const next = findTrack(bytes, position + 1);
      warnings.push(`skipped ${(next ?? bytes.length) - position} bytes that belong to no chunk`);
      if (next === undefined) break;
      position = next;
      continue;
    }
    position = end;
  }
  return tracks;
}

function findTrack(bytes: Uint8Array, from: number): number | undefined {
  for (let i = from; i + 8 <= bytes.length; i++) {
    if (bytes[i] === 0x4d && ascii(bytes, i, 4) === 'MTrk') return i;
  }
  return undefined;
}

function ascii(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
