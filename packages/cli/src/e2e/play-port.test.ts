import { createRequire } from 'node:module';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { midiStandIn, type PortMessage } from '../testing/midi-stand-in.js';
import { rondo, temporaryFolder } from '../testing/run-rondo.js';
import { trainSmallRun } from '../testing/small-run.js';

const folder = temporaryFolder();
const run = path.join(folder, 'run');
const live = ['--tempo', '240', '--chunk', '1', '--ahead', '0.2', '--seconds', '1.5'];

beforeAll(() => trainSmallRun(folder), 60_000);

/** Notes in real time, and none left down. */
function expectMusic(messages: readonly Pick<PortMessage, 'at' | 'bytes'>[]): void {
  const down = new Set<number>();
  for (const { bytes } of messages) {
    const [status = 0, key = 0] = bytes;
    if ((status & 0xf0) === 0x90) down.add(key);
    if ((status & 0xf0) === 0x80) down.delete(key);
  }
  const ons = messages.filter(({ bytes }) => ((bytes[0] ?? 0) & 0xf0) === 0x90);
  expect(ons.length).toBeGreaterThan(5);
  expect(ons.at(-1)!.at - ons[0]!.at).toBeGreaterThan(500);
  expect([...down]).toEqual([]);
}

describe('rondo play --port, with a stand-in for the MIDI library', () => {
  const standIn = (name: string) => {
    const own = path.join(folder, name);
    fs.mkdirSync(own);
    return midiStandIn(own, ['Through 14:0', 'FLUID Synth 128:0']);
  };

  it.each([
    ['synth', 'FLUID Synth 128:0'],
    ['virtual', 'virtual Rondo'],
  ])('plays to %s', async (asked, port) => {
    const { env, messages } = standIn(asked);
    const { code, stderr } = await rondo(['play', run, '--port', asked, ...live], { env });
    expect(code, stderr).toBe(0);
    const sent = messages();
    expect(new Set(sent.map((message) => message.port))).toEqual(new Set([port]));
    expectMusic(sent);
  }, 30_000); // prettier-ignore

  it('lists the ports, and names them where none is meant', async () => {
    const { env } = standIn('list');
    expect((await rondo(['play', '--list-ports'], { env })).stdout).toBe('Through 14:0\nFLUID Synth 128:0\n');
    const { code, stderr } = await rondo(['play', run, '--port', 'piano', ...live], { env });
    expect([code, stderr.trim()]).toEqual([1, expect.stringContaining('no MIDI port "piano"; there are Through 14:0, FLUID Synth')]); // prettier-ignore
  });
});

/** The library itself, where somebody has installed it; undefined elsewhere. */
function installed(): { Input: new () => VirtualInput } | undefined {
  try {
    return createRequire(import.meta.url)('@julusian/midi') as { Input: new () => VirtualInput };
  } catch {
    return undefined;
  }
}

interface VirtualInput {
  openVirtualPort(name: string): void;
  on(event: 'message', listener: (wait: number, bytes: number[]) => void): void;
  closePort(): void;
}

/** A port of this process that others can play to; undefined where the system has none (no ALSA sequencer, Windows). */
function virtualInput(name: string): VirtualInput | undefined {
  try {
    const library = installed();
    const input = library && new library.Input();
    input?.openVirtualPort(name);
    return input;
  } catch {
    return undefined;
  }
}

describe('rondo play --port, without and with the MIDI library', () => {
  it.skipIf(installed() !== undefined)('without it says in one line what to install or use', async () => {
    const { code, stderr } = await rondo(['play', run, '--port', 'synth']);
    expect([code, stderr.trim()]).toEqual([1, expect.stringMatching(/^[^\n]*@julusian\/midi, which is not installed: "npm install @julusian\/midi"[^\n]*--raw[^\n]*--out[^\n]*$/)]); // prettier-ignore
  });

  const port = 'Rondo listens';
  const input = virtualInput(port);
  it.skipIf(input === undefined)('reaches a virtual port of this system', async () => {
    const heard: { at: number; bytes: number[] }[] = [];
    input!.on('message', (_, bytes) => heard.push({ at: performance.now(), bytes }));
    const { code, stderr } = await rondo(['play', run, '--port', port, ...live]);
    input!.closePort();
    expect(code, stderr).toBe(0);
    expectMusic(heard);
  }, 30_000); // prettier-ignore
});
