import fs from 'node:fs';
import path from 'node:path';
import { writeMidi } from '@rondo/tokenizer';
import { makePiece } from './pieces.js';

const header = (division: number) =>
  Buffer.from([0x4d, 0x54, 0x68, 0x64, 0, 0, 0, 6, 0, 0, 0, 1, division >> 8, division & 0xff]);
const track = (events: number[]) => Buffer.from([0x4d, 0x54, 0x72, 0x6b, 0, 0, 0, events.length, ...events]);
const endOfTrack = [0, 0xff, 0x2f, 0];
const oneNote = [0, 0x90, 60, 90, 96, 0x80, 60, 0];

/** 25 frames a second, 40 ticks a frame. */
const smpteDivision = 0xe728;

function percussionOnly(): Uint8Array {
  const score = makePiece(1);
  return writeMidi({ ...score, tracks: score.tracks.map((part) => ({ ...part, isDrum: true })) });
}

/** Files that no corpus should contain, and every corpus does; the reason that must be given for each. */
export const badFiles: Record<string, { bytes: () => Uint8Array; reason: RegExp }> = {
  'truncated.mid': { bytes: () => writeMidi(makePiece(2)).slice(0, 150), reason: /cut|trunc|short/i },
  'empty.mid': { bytes: () => new Uint8Array(0), reason: /empty/i },
  'text.mid': {
    bytes: () => Buffer.from('These are my notes: C D E F G.\n'),
    reason: /not a? ?(standard )?MIDI|no MIDI/i,
  },
  'smpte.mid': {
    bytes: () => Buffer.concat([header(smpteDivision), track([...oneNote, ...endOfTrack])]),
    reason: /SMPTE/i,
  },
  'no-notes.mid': { bytes: () => Buffer.concat([header(480), track(endOfTrack)]), reason: /no notes/i },
  'drums.mid': { bytes: percussionOnly, reason: /percussion/i },
  'huge.mid': { bytes: () => new Uint8Array(17 * 2 ** 20), reason: /bytes|MiB|large/i },
};

export function writeBadFiles(folder: string): void {
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, { bytes }] of Object.entries(badFiles)) fs.writeFileSync(path.join(folder, name), bytes());
}
