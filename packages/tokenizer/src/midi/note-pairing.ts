import type { Note } from '../score/score.js';
import type { TimedEvent } from './events.js';

/** A note with the MIDI channel it came on (0..15). */
export interface ChannelNote extends Note {
  channel: number;
}

/**
 * Pairs note-ons with note-offs in linear time. A note-off ends the oldest sounding note of its pitch and
 * channel (as `@tonejs/midi` does); a note without one ends with the track. A note that starts and ends
 * in the same tick lasts one tick. Stray note-offs are ignored.
 *
 * @returns notes in the order of their note-ons, and how many had no note-off
 */
export function pairNotes(events: readonly TimedEvent[], endTick: number) {
  const notes: ChannelNote[] = [];
  const sounding = new Map<number, Queue>();
  for (const { tick, event } of events) {
    if (event.type !== 'noteOn' && event.type !== 'noteOff') continue;
    const key = event.channel * 128 + event.noteNumber;
    if (event.type === 'noteOff') {
      const note = sounding.get(key)?.shift();
      if (note) note.duration = Math.max(1, tick - note.tick);
      continue;
    }
    const note = {
      tick,
      duration: 0,
      pitch: event.noteNumber,
      velocity: event.velocity,
      channel: event.channel,
    };
    notes.push(note);
    let queue = sounding.get(key);
    if (!queue) sounding.set(key, (queue = new Queue()));
    queue.push(note);
  }
  return { notes, unterminated: closeAll(sounding, endTick) };
}

function closeAll(sounding: ReadonlyMap<number, Queue>, endTick: number): number {
  let count = 0;
  for (const queue of sounding.values()) {
    for (let note = queue.shift(); note; note = queue.shift()) {
      note.duration = Math.max(1, endTick - note.tick);
      count++;
    }
  }
  return count;
}

/** First in, first out, both in constant time (Array.shift is not: thousands of hanging notes would crawl). */
class Queue {
  #items: ChannelNote[] = [];
  #head = 0;

  push(note: ChannelNote): void {
    this.#items.push(note);
  }

  shift(): ChannelNote | undefined {
    const note = this.#items[this.#head];
    if (note) this.#head++;
    if (this.#head === this.#items.length && this.#head > 0) {
      this.#items = [];
      this.#head = 0;
    }
    return note;
  }
}
