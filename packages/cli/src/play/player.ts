import { Channels, type Clock, type LiveMusic, type MidiEvent, silence } from '@rondo/generator';
import type { MidiSink } from './sinks.js';

/** What a player has done. */
export interface Played {
  notes: number;
  seconds: number;
  /** Notes that came too late to be sent in time, by more than 20 ms. */
  late: number;
}

const LATE = 0.02;
/** Messages are sent from a timer that looks this often. */
const TICK = 0.004;

/**
 * Plays live music to a sink in real time until it ends or the signal is aborted. Whatever happens, no key stays down.
 * @param delay seconds between the first token and the first sound, in which notes are made ahead
 */
export async function play(
  music: LiveMusic,
  sink: MidiSink,
  clock: Clock,
  signal: AbortSignal,
  delay = 0.5,
): Promise<Played> {
  const channels = new Channels();
  const queue: MidiEvent[] = [];
  const done = { notes: 0, seconds: 0, late: 0 };
  const ready = { ended: false, failed: undefined as unknown };
  const begun = clock.now() + delay;
  const making = gather(music, channels, queue, done, () => clock.now() - begun).then(
    () => (ready.ended = true),
    (error: unknown) => {
      ready.failed = error;
      ready.ended = true;
    },
  );
  signal.addEventListener('abort', () => music.stop(), { once: true });
  try {
    while (!signal.aborted && !(ready.ended && queue.length === 0)) {
      const now = clock.now() - begun;
      while (queue.length > 0 && queue[0].at <= now) sink.send(queue.shift()?.bytes ?? new Uint8Array());
      await clock.wait(TICK, signal);
    }
  } finally {
    music.stop();
    for (const bytes of silence()) sink.send(bytes);
    await sink.close();
  }
  await making;
  if (ready.failed !== undefined) throw ready.failed;
  return done;
}

async function gather(
  music: LiveMusic,
  channels: Channels,
  queue: MidiEvent[],
  done: Played,
  now: () => number,
): Promise<void> {
  for await (const note of music) {
    if (now() > note.start + LATE) done.late++;
    done.notes++;
    done.seconds = Math.max(done.seconds, note.start + note.duration);
    for (const event of channels.events(note)) insert(queue, event);
  }
}

/** By time; at one moment keys go up before others go down, and programs change in between. */
function insert(queue: MidiEvent[], event: MidiEvent): void {
  const order = ({ at, bytes }: MidiEvent) => [at, [0x80, 0xc0, 0x90].indexOf(bytes[0] & 0xf0)];
  const [at, kind] = order(event);
  let place = queue.length;
  while (place > 0) {
    const [otherAt, otherKind] = order(queue[place - 1]);
    if (otherAt < at || (otherAt === at && otherKind <= kind)) break;
    place--;
  }
  queue.splice(place, 0, event);
}
