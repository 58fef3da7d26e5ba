import { carrySource } from '../midi/source-events.js';
import type { Score, Track } from '../score/score.js';
import { TokenizerError } from '../tokenizer/tokenizer-error.js';

/** Lowest and highest pitch of the pitched tracks, undefined where there is none. */
export function pitchExtent(score: Score): { low: number; high: number } | undefined {
  let low = 128;
  let high = -1;
  for (const track of score.tracks) {
    if (track.isDrum) continue;
    for (const { pitch } of track.notes) {
      low = Math.min(low, pitch);
      high = Math.max(high, pitch);
    }
  }
  return high < 0 ? undefined : { low, high };
}

function mapPitched(score: Score, change: (track: Track) => Track): Score {
  return { ...score, tracks: score.tracks.map((track) => (track.isDrum ? track : change(track))) };
}

/**
 * Moves all pitched notes by `semitones`, and the key signatures with them; percussion stays.
 * @throws TokenizerError RONDO_AUGMENT_RANGE if a note would leave 0 … 127.
 */
export function transpose(score: Score, semitones: number): Score {
  const extent = pitchExtent(score);
  if (extent !== undefined && (extent.low + semitones < 0 || extent.high + semitones > 127)) {
    throw new TokenizerError(
      'RONDO_AUGMENT_RANGE',
      `pitches ${extent.low} to ${extent.high} moved by ${semitones} semitones leave the range 0 to 127`,
    );
  }
  const moved = mapPitched(score, (track) => ({
    ...track,
    notes: track.notes.map((note) => ({ ...note, pitch: note.pitch + semitones })),
  }));
  // A semitone up is seven fifths up; of the enharmonic names the one with fewer accidentals (-5 to +6) is taken.
  const keySignatures = score.keySignatures.map((key) => ({
    ...key,
    fifths: semitones === 0 ? key.fifths : modulo(key.fifths + 7 * semitones + 5, 12) - 5,
  }));
  const result = { ...moved, keySignatures };
  carrySource(score, result, semitones);
  return result;
}

function modulo(value: number, base: number): number {
  return ((value % base) + base) % base;
}

/**
 * Plays the piece slower (factor > 1) or faster: the written notes stay where they are in the bar, tempos change.
 * A score without a tempo is taken at 120 quarters a minute.
 */
export function stretch(score: Score, factor: number): Score {
  const tempos =
    score.tempos[0]?.tick === 0 ? score.tempos : [{ tick: 0, microsecondsPerQuarter: 500_000 }, ...score.tempos];
  const result = {
    ...score,
    tempos: tempos.map(({ tick, microsecondsPerQuarter }) => ({
      tick,
      microsecondsPerQuarter: Math.min(0xffffff, Math.max(1, Math.round(microsecondsPerQuarter * factor))),
    })),
  };
  carrySource(score, result);
  return result;
}

/** Adds `amount` to every velocity, kept inside 1 … 127. */
export function shiftVelocity(score: Score, amount: number): Score {
  const shift = (velocity: number): number => Math.min(127, Math.max(1, Math.round(velocity + amount)));
  const result = {
    ...score,
    tracks: score.tracks.map((track) => ({
      ...track,
      notes: track.notes.map((note) => ({ ...note, velocity: shift(note.velocity) })),
    })),
  };
  carrySource(score, result);
  return result;
}
