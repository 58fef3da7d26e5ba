import type { KeySignature, Tempo, TimeSignature } from '../score/score.js';
import type { TimedEvent } from './events.js';

/** Tempo, meter and key of a whole piece. */
export interface Conductor {
  tempos: Tempo[];
  timeSignatures: TimeSignature[];
  keySignatures: KeySignature[];
  warnings: string[];
}

const MAX_DENOMINATOR = 128;

/**
 * Gathers the conductor events, which may stand in any track. Of several at one tick the last one in the
 * file wins; impossible values (tempo 0, meter 0/4, nine sharps) are dropped with a warning.
 */
export function readConductor(events: readonly TimedEvent[]): Conductor {
  const tempos = new Map<number, Tempo>();
  const meters = new Map<number, TimeSignature>();
  const keys = new Map<number, KeySignature>();
  const warnings = new Set<string>();
  for (const { tick, event } of events) {
    if (event.type === 'setTempo') {
      const tempo = { tick, microsecondsPerQuarter: event.microsecondsPerBeat };
      if (tempo.microsecondsPerQuarter > 0) tempos.set(tick, tempo);
      else warnings.add('ignored a tempo of 0 microseconds per quarter');
    } else if (event.type === 'timeSignature') {
      const { numerator, denominator } = event;
      if (numerator > 0 && denominator > 0 && denominator <= MAX_DENOMINATOR) {
        meters.set(tick, { tick, numerator, denominator });
      } else warnings.add(`ignored a time signature of ${numerator}/${denominator}`);
    } else if (event.type === 'keySignature') {
      const { key: fifths, scale } = event;
      if (Math.abs(fifths) <= 7 && (scale === 0 || scale === 1)) {
        keys.set(tick, { tick, fifths, mode: scale === 1 ? 'minor' : 'major' });
      } else warnings.add(`ignored a key signature of ${fifths} fifths, mode ${scale}`);
    }
  }
  return {
    tempos: byTick(tempos),
    timeSignatures: byTick(meters),
    keySignatures: byTick(keys),
    warnings: [...warnings],
  };
}

function byTick<T extends { tick: number }>(items: ReadonlyMap<number, T>): T[] {
  return [...items.values()].sort((a, b) => a.tick - b.tick);
}
