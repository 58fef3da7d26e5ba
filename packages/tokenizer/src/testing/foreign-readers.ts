import toneMidi from '@tonejs/midi';
import { parseMidi, type MidiEvent } from 'midi-file';
import type { KeySignature, Note, Pedal, Score, Tempo, TimeSignature, Track } from '../score/score.js';

/** Scores as other libraries read them: of files that `writeMidi` wrote, where each track has one program and port. */

type Timed = MidiEvent & { tick: number };

/** The Score of a file as `midi-file` gives its events; names are left out. */
export function scoreByMidiFile(bytes: Uint8Array): Score {
  const { header, tracks } = parseMidi(bytes);
  const timed = tracks.map(withTicks);
  const all = timed.flat();
  return {
    ticksPerQuarter: header.ticksPerBeat as number,
    tempos: all.flatMap((event): Tempo[] =>
      event.type === 'setTempo' ? [{ tick: event.tick, microsecondsPerQuarter: event.microsecondsPerBeat }] : [],
    ),
    timeSignatures: all.flatMap((event): TimeSignature[] => {
      if (event.type !== 'timeSignature') return [];
      return [{ tick: event.tick, numerator: event.numerator, denominator: event.denominator }];
    }),
    keySignatures: all.flatMap((event): KeySignature[] => {
      if (event.type !== 'keySignature') return [];
      return [{ tick: event.tick, fifths: event.key, mode: event.scale === 1 ? 'minor' : 'major' }];
    }),
    tracks: timed.map(trackOf).filter(({ notes }) => notes.length > 0),
    endTick: Math.max(...all.map(({ tick }) => tick)),
  };
}

function withTicks(events: readonly MidiEvent[]): Timed[] {
  let tick = 0;
  return events.map((event) => ({ ...event, tick: (tick += event.deltaTime) }));
}

function trackOf(events: readonly Timed[]): Track {
  const [notes, pedals]: [Note[], Pedal[]] = [[], []];
  const open = new Map<number, Note[]>();
  let [program, isDrum, down] = [0, false, -1];
  for (const event of events) {
    if (event.type === 'programChange') program = event.programNumber;
    if (event.type === 'noteOn') {
      isDrum = event.channel === 9;
      const note = { tick: event.tick, duration: 0, pitch: event.noteNumber, velocity: event.velocity };
      open.set(note.pitch, [...(open.get(note.pitch) ?? []), note]);
      notes.push(note);
    } else if (event.type === 'noteOff') {
      const note = open.get(event.noteNumber)?.shift();
      if (note !== undefined) note.duration = event.tick - note.tick;
    } else if (event.type === 'controller' && event.controllerType === 64) {
      if (event.value >= 64) down = event.tick;
      else pedals.push({ tick: down, duration: event.tick - down });
    }
  }
  return { name: '', program, isDrum, notes: notes.sort(byTick), pedals };
}

/**
 * The Score of a file as `@tonejs/midi` gives it, with tempos as whole microseconds; names are left out, and key
 * signatures too, because it reads minor ones wrongly.
 */
export function scoreByTone(bytes: Uint8Array): Score {
  const { header, tracks } = new toneMidi.Midi(bytes);
  return {
    ticksPerQuarter: header.ppq,
    tempos: header.tempos.map(({ ticks, bpm }) => ({ tick: ticks, microsecondsPerQuarter: Math.round(60e6 / bpm) })),
    timeSignatures: header.timeSignatures.map(({ ticks, timeSignature: [numerator, denominator] }) => ({
      tick: ticks,
      numerator,
      denominator,
    })),
    keySignatures: [],
    tracks: tracks.filter((track) => track.notes.length > 0).map(toneTrack),
    endTick: Math.max(0, ...tracks.map(({ endOfTrackTicks }) => endOfTrackTicks ?? 0)),
  };
}

function toneTrack({ instrument, notes, controlChanges }: InstanceType<typeof toneMidi.Midi>['tracks'][number]): Track {
  const feet = (controlChanges[64] ?? []).map(({ ticks, value }) => ({ tick: ticks, isDown: value >= 0.5 }));
  return {
    name: '',
    program: instrument.number,
    isDrum: instrument.percussion,
    notes: notes
      .map(({ ticks, durationTicks, midi, velocity }) => ({
        tick: ticks,
        duration: durationTicks,
        pitch: midi,
        velocity: Math.round(velocity * 127),
      }))
      .sort(byTick),
    pedals: feet.flatMap(({ tick, isDown }, i) => (isDown ? [{ tick, duration: feet[i + 1].tick - tick }] : [])),
  };
}

function byTick(a: Note, b: Note): number {
  return a.tick - b.tick || a.pitch - b.pitch;
}
