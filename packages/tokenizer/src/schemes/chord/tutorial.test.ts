import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMidi } from '../../midi/read-midi.js';
import { midiFile, off, on, program, tempo, track } from '../../midi/testing/midi-bytes.js';
import { ChordScheme } from './chord.js';
import { quantiseTime } from './grouping.js';

const FOLDER = join(process.env.RONDO_CHECK_DATA ?? '', 'tutorial-midi');

/** Tokens of a file of 96 ticks a quarter: six ticks are the tolerance for playing together. */
const tokens = (...tracks: number[][]) => new ChordScheme().encode(readMidi(midiFile({}, ...tracks)));
const piano = (...events: number[][]) => track(program(0, 0), ...events);

describe("the tutorial's tokens", () => {
  it('notes within 1/16 of a quarter at both ends are one chord', () => {
    expect(tokens(piano(on(0, 60), on(3, 64), on(3, 67), off(90, 60), off(3, 64), off(3, 67)))).toEqual(['0.4.7']);
  });

  it('a later start or end makes a token of its own', () => {
    expect(tokens(piano(on(0, 60), on(7, 64), off(89, 60), off(0, 64)))).toEqual(['C4', 'E4']);
    expect(tokens(piano(on(0, 60), on(0, 64), off(89, 60), off(7, 64)))).toEqual(['C4', 'E4']);
  });

  it('a chord of octaves is one pitch class', () => {
    expect(tokens(piano(on(0, 60), on(0, 72), off(96, 60), off(0, 72)))).toEqual(['0']);
  });

  it('a note may sound in two chords: what an earlier one took is not asked', () => {
    const ends = [off(96, 53), off(5, 60), off(5, 69)];
    expect(tokens(piano(on(0, 69), on(0, 53), on(0, 60), ...ends))).toEqual(['9.0', '0.5']);
  });

  it('a key struck again while it sounds ends its note and starts none', () => {
    expect(tokens(piano(on(0, 60), on(96, 60), off(96, 60), off(0, 60), on(0, 62), off(96, 62)))).toEqual(['C4', 'D4']);
  });

  it('overlapping notes are listed voice by voice where their quantised starts fall together', () => {
    const events = [on(0, 60), on(96, 64), off(48, 64), on(1, 62), off(47, 60), on(1, 48), off(47, 48), off(0, 62)];
    expect(tokens(piano(...events))).toEqual(['C4', 'E4', 'D4', 'C3']);
  });

  it('tracks of one instrument are read together, the upper track first', () => {
    const upper = piano(on(0, 72), off(96, 72), on(0, 74), off(96, 74));
    const lower = piano(on(0, 48), off(192, 48));
    expect(tokens(upper, lower)).toEqual(['C5', 'C3', 'D5']);
  });

  it('only the instrument that is named first is read', () => {
    expect(tokens(piano(on(0, 60), off(96, 60)), track(program(0, 40), on(0, 62), off(96, 62)))).toEqual(['C4']);
  });

  it('instruments unknown to music21 5.7 share one name', () => {
    const part = (number: number, pitch: number) => track(program(0, number), on(0, pitch), off(96, pitch));
    expect(tokens(part(1, 60), part(2, 62))).toEqual(['C4', 'D4']);
    expect(tokens(part(6, 60), part(7, 62))).toEqual(['C4']);
  });

  it('what is played before a program change, or in a track without one, is left out', () => {
    const late = track(on(0, 60), off(96, 60), program(0, 0), on(0, 62), off(96, 62));
    expect(tokens(late, track(on(0, 64), off(96, 64)))).toEqual(['D4']);
  });

  it('a file without program changes is read whole', () => {
    expect(tokens(track(on(0, 60), off(96, 60)), track(on(0, 64), off(96, 64)))).toEqual(['C4', 'E4']);
  });

  it('an instrument named twice where a tempo stands makes the tutorial read everything', () => {
    const twice = track(tempo(0, 500_000), program(0, 0), program(0, 0), on(0, 60), off(96, 60));
    expect(tokens(twice, track(on(0, 64), off(96, 64)))).toEqual(['C4', 'E4']);
  });

  it('times go to the nearer of 1/4 and 1/3, of two equally near ones to the lower', () => {
    expect([0, 0.1, 0.125, 0.13, 0.29, 0.3, 0.49, 1 / 3, 2.99].map(quantiseTime)).toEqual([0, 0, 0, 3, 3, 4, 6, 4, 36]);
  });
});

describe.skipIf(!existsSync(join(FOLDER, 'tokens.json')))(
  "the tutorial's own MIDI files (needs RONDO_CHECK_DATA: the folder of test music)",
  () => {
    it('all 46 give exactly the tokens of its Python', () => {
      const expected = JSON.parse(readFileSync(join(FOLDER, 'tokens.json'), 'utf8')) as Record<string, string[]>;
      const scheme = new ChordScheme();
      const differing = Object.entries(expected).filter(([name, list]) => {
        const tokens = scheme.encode(readMidi(readFileSync(join(FOLDER, name))));
        return tokens.join(' ') !== list.join(' ');
      });
      expect(Object.keys(expected)).toHaveLength(46);
      expect(differing.map(([name]) => name)).toEqual([]);
    });
  },
);
