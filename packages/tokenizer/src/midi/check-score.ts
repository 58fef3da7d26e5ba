import { MidiError } from '../errors.js';
import type { Score } from '../score/score.js';

/**
 * Checks that every value of a Score has a place in a MIDI file.
 * @throws MidiError SCORE that names the first value that has none
 */
export function checkScore(score: Score): void {
  whole('ticksPerQuarter', score.ticksPerQuarter, 1, 0x7fff);
  whole('endTick', score.endTick, 0);
  whole('the number of tracks', score.tracks.length, 0, 0xfffe);
  for (const { tick, microsecondsPerQuarter } of score.tempos) {
    whole('the tick of a tempo', tick, 0);
    whole('a tempo in microseconds per quarter', microsecondsPerQuarter, 1, 0xffffff);
  }
  for (const { tick, numerator, denominator } of score.timeSignatures) {
    whole('the tick of a time signature', tick, 0);
    whole('the numerator of a time signature', numerator, 1, 255);
    whole('log2 of the denominator of a time signature', Math.log2(denominator), 0, 7);
  }
  for (const { tick, fifths } of score.keySignatures) {
    whole('the tick of a key signature', tick, 0);
    whole('the fifths of a key signature', fifths, -7, 7);
  }
  score.tracks.forEach(checkTrack);
}

function checkTrack({ program, notes, pedals }: Score['tracks'][number], index: number): void {
  const place = `of track ${index + 1}`;
  whole(`the program ${place}`, program, 0, 127);
  for (const { tick, duration, pitch, velocity } of notes) {
    whole(`the tick of a note ${place}`, tick, 0);
    whole(`the duration of a note ${place}`, duration, 1);
    whole(`the pitch of a note ${place}`, pitch, 0, 127);
    whole(`the velocity of a note ${place}`, velocity, 1, 127);
  }
  for (const { tick, duration } of pedals) {
    whole(`the tick of a pedal ${place}`, tick, 0);
    whole(`the duration of a pedal ${place}`, duration, 1);
  }
}

function whole(what: string, value: number, low: number, high = Number.MAX_SAFE_INTEGER): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  const range = high === Number.MAX_SAFE_INTEGER ? `from ${low} on` : `from ${low} to ${high}`;
  throw new MidiError('RONDO_MIDI_SCORE', `${what} must be a whole number ${range}, but is ${value}`);
}
