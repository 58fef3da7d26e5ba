import { describe, expect, it } from 'vitest';
import { placeVoicing, readChord } from './chords.mjs';
import { compilePiece } from './compile.mjs';
import { harmonise } from './hymn.mjs';
import { readBars, signatureOf } from './music-line.mjs';

const headers = (rest = {}) =>
  Object.entries({
    title: 'T',
    origin: 'o',
    key: 'C major',
    meter: '4/4',
    unit: '1/4',
    tempo: '1/4 = 120',
    form: 'A',
    ...rest,
  })
    .map(([key, value]) => `${key}: ${value}`)
    .join('\n');
const piece = (body, rest) => compilePiece(`${headers(rest)}\n${body}`, 'test');
const bars = (text, fifths = 0) =>
  readBars(text, { unit: 480, signature: signatureOf(fifths), octave: 0, where: 'test' });
const melody = (score) => score.tracks[0].notes.map(({ tick, duration, pitch }) => [tick / 480, duration / 480, pitch]);

describe('a line of music', () => {
  it('reads letters, octaves, lengths, rests and broken rhythm', () => {
    const [upbeat, bar] = bars("| C2 z/ c/ c' | ").map((entry) =>
      entry.notes.map((note) => [note.tick / 480, note.duration / 480, note.pitches[0]]),
    );
    expect(upbeat).toEqual([]);
    expect(bar).toEqual([
      [0, 2, 60],
      [2.5, 0.5, 72],
      [3, 1, 84],
    ]);
    expect(bars('| A>B A<B |')[1].notes.map((note) => note.duration / 480)).toEqual([1.5, 0.5, 0.5, 1.5]);
    expect(bars('| (3CDE F |')[1].length).toBe(480 * 3);
  });

  it('applies the key signature, and accidentals until the end of the bar', () => {
    const pitches = (text, fifths) => bars(text, fifths).map((bar) => bar.notes.flatMap((note) => note.pitches));
    expect(pitches('| F C |', 2)[1]).toEqual([66, 61]);
    expect(pitches('| B E |', -2)[1]).toEqual([70, 63]);
    expect(pitches('| ^F F f | F |', 0)).toEqual([[], [66, 66, 77], [65]]);
    expect(pitches('| =F _B [CEG] |', 1)[1]).toEqual([65, 70, 60, 64, 67]);
  });

  it('joins ties over the bar line', () => {
    expect(melody(piece('[A] none\nm: | C4- | C2 D2 |').score)).toEqual([
      [0, 6, 60],
      [6, 2, 62],
    ]);
  });
});

describe('a piece', () => {
  it('puts an upbeat before the first bar and checks that the last bar leaves room for it', () => {
    const { score } = piece('[A] none\nm: G | CDEF | C3 |', { form: 'A A' });
    expect(melody(score)[0]).toEqual([3, 1, 67]);
    expect(score.endTick).toBe(5 * 1920);
    expect(() => piece('[A] none\nm: G | CDEF | C2 |')).toThrow(
      /test, section A, voice m, bar 2: adds up to 3 quarters, the meter asks for 4/,
    );
  });

  it.each([
    ['[A]\nm: | CDE | C4 |', /section A, voice m, bar 1: adds up to 3 quarters, the meter asks for 4/],
    ['[A]\nm: | CDEF | C4 |\nc: | C |', /1 bars of chords for 2 bars/],
    ['[A]\nm: | CDEF |\nb: | C4 | C4 |', /voice/],
    ['[A]\nm: | CHEF |', /bar 1: cannot read "HEF"/],
    ['[A]\nm: | CDEF |\nc: | Q |', /"Q" is no chord symbol/],
    ['[A] polka\nm: | CDEF |', /"polka" is neither a style/],
    ['[A] waltz\nm: | CDEF |\nc: | C |', /waltz has no pattern for 4\/4/],
    ['[B]\nm: | CDEF |', /section A, which is not there/],
  ])('names what is wrong in %j', (body, message) => {
    expect(() => piece(body)).toThrow(message);
  });

  it('plays a pattern on the chords, below the melody, and ends with a held chord', () => {
    const { score } = piece('[A] march\nm: | cccc | c4 |\nc: | C G7 | C |');
    const left = score.tracks[1].notes;
    const at = (beat) => left.filter((note) => note.tick === beat * 480).map((note) => note.pitch % 12);
    expect(at(0)).toEqual([0]);
    expect(new Set(at(1))).toEqual(new Set([0, 4, 7]));
    expect(at(2)).toEqual([7]);
    expect(at(3)).toContain(5);
    expect(left.filter((note) => note.tick === 1920).every((note) => note.duration === 1920)).toBe(true);
    expect(Math.max(...left.map((note) => note.pitch))).toBeLessThan(72);
  });

  it('accents the bar and repeats the melody in canon', () => {
    const { score } = piece('[A] none\nm: | CDEF | G4 | z4 | z4 |', { canon: '1:12' });
    const [first, second] = score.tracks;
    expect(first.notes[0].velocity).toBeGreaterThan(first.notes[1].velocity);
    expect(second.notes.map((note) => [note.tick, note.pitch])).toEqual([
      [1920, 72],
      [2400, 74],
      [2880, 76],
      [3360, 77],
      [3840, 79],
    ]);
  });
});

describe('chords', () => {
  it('reads qualities and slash basses', () => {
    expect(readChord('F#m7b5', 't').tones).toEqual([6, 9, 0, 4]);
    expect(readChord('Bb/D', 't')).toMatchObject({ root: 10, bass: 2 });
  });

  it('moves from voicing to voicing by small steps', () => {
    let voicing = placeVoicing(readChord('C', 't'), undefined, 72);
    for (const symbol of ['F', 'G7', 'C', 'Am', 'Dm', 'G', 'C']) {
      const next = placeVoicing(readChord(symbol, 't'), voicing, 72);
      const moved = next.reduce((sum, pitch, index) => sum + Math.abs(pitch - voicing[index]), 0);
      expect(moved).toBeLessThanOrEqual(8);
      voicing = next;
    }
  });

  it('writes four parts without parallel fifths and octaves', () => {
    const line = [
      ['C', 72],
      ['F', 69],
      ['C', 67],
      ['G', 67],
      ['Am', 72],
      ['F', 69],
      ['G', 71],
      ['C', 72],
    ];
    const moments = line.map(([symbol, soprano], index) => ({
      tick: index * 480,
      duration: 480,
      soprano,
      chord: readChord(symbol, 't'),
    }));
    const notes = harmonise(moments);
    const chords = moments.map(({ tick, soprano }) => [
      ...notes
        .filter((note) => note.tick === tick)
        .map((note) => note.pitch)
        .reverse(),
      soprano,
    ]);
    for (let index = 1; index < chords.length; index += 1) {
      const [before, after] = [chords[index - 1], chords[index]];
      for (let low = 0; low < 3; low += 1) {
        for (let high = low + 1; high < 4; high += 1) {
          const interval = (before[high] - before[low]) % 12;
          const moved = before[low] !== after[low] && before[high] !== after[high];
          if (moved && (interval === 0 || interval === 7)) expect((after[high] - after[low]) % 12).not.toBe(interval);
        }
      }
      expect(after).toEqual([...after].sort((a, b) => a - b));
    }
  });
});
