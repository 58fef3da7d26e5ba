import type { Pedal } from '../score/score.js';

const PEDAL_DOWN = 64;

interface Change {
  tick: number;
  track: number;
  value: number;
}

/**
 * Program and sustain pedal of each MIDI channel over time. A channel is shared by all tracks of a port,
 * so both are looked up channel-wide; but a track that sets its own program keeps to it (files that put
 * every instrument on channel 1 mean it so).
 */
export class ChannelState {
  readonly #programs = new Map<number, Change[]>();
  readonly #pedals = new Map<number, Change[]>();

  /** `channel` counts ports in: port * 16 + channel. Changes of one track come in time order. */
  program(channel: number, track: number, tick: number, value: number): void {
    append(this.#programs, channel, { tick, track, value });
  }

  pedal(channel: number, track: number, tick: number, value: number): void {
    append(this.#pedals, channel, { tick, track, value });
  }

  /** A function from tick to program; ticks must be asked for in rising order. Before the first change: 0. */
  programReader(channel: number, track: number): (tick: number) => number {
    const all = this.#programs.get(channel) ?? [];
    const own = all.filter((change) => change.track === track);
    const changes = own.length > 0 ? own : [...all].sort((a, b) => a.tick - b.tick);
    let next = 0;
    return (tick) => {
      while (next < changes.length && changes[next].tick <= tick) next++;
      return next === 0 ? 0 : changes[next - 1].value;
    };
  }

  /** Spans with the pedal down up to `endTick`, where one that is still down ends. */
  pedals(channel: number, endTick: number): Pedal[] {
    const spans: Pedal[] = [];
    let down: number | undefined;
    const close = (tick: number) => {
      if (down !== undefined && tick > down) spans.push({ tick: down, duration: tick - down });
      down = undefined;
    };
    const changes = [...(this.#pedals.get(channel) ?? [])].sort((a, b) => a.tick - b.tick);
    for (const { tick, value } of changes) {
      if (tick >= endTick) break;
      if (value < PEDAL_DOWN) close(tick);
      else down ??= tick;
    }
    close(endTick);
    return spans;
  }
}

function append(map: Map<number, Change[]>, channel: number, change: Change): void {
  const list = map.get(channel);
  if (list) list.push(change);
  else map.set(channel, [change]);
}
