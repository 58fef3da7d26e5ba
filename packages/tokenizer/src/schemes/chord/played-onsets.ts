import type { EventTrack, TimedEvent } from '../../midi/events.js';
import { sourceEvents } from '../../midi/source-events.js';
import type { Score, Track } from '../../score/score.js';
import { tutorialOnsets } from './tutorial.js';

/**
 * The pitches of each onset, as the tutorial reads the file. A Score that did not come from a file (or is
 * a copy) is read as the file it would be written to: one MIDI track for each Track, drums left out.
 */
export function playedOnsets(score: Score): number[][] {
  const tracks = sourceEvents(score) ?? score.tracks.filter((track) => !track.isDrum).map(trackEvents);
  return tutorialOnsets(tracks, score.ticksPerQuarter).map(({ pitches }) => pitches);
}

function trackEvents(track: Track): EventTrack {
  const timed: { tick: number; order: number; event: TimedEvent['event'] }[] = [];
  for (const { tick, duration, pitch: noteNumber, velocity } of track.notes) {
    const common = { deltaTime: 0, channel: 0, noteNumber };
    timed.push({ tick, order: 1, event: { ...common, type: 'noteOn', velocity } });
    timed.push({ tick: tick + duration, order: 0, event: { ...common, type: 'noteOff', velocity: 0 } });
  }
  timed.sort((a, b) => a.tick - b.tick || a.order - b.order);
  const program: TimedEvent = {
    tick: 0,
    event: { deltaTime: 0, channel: 0, type: 'programChange', programNumber: track.program },
  };
  return { events: [program, ...timed], endTick: timed.at(-1)?.tick ?? 0 };
}
