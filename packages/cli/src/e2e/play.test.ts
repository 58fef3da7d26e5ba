import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { readMidi } from '@rondo/tokenizer';
import { beforeAll, describe, expect, it } from 'vitest';
import { rondo, rondoJson, temporaryFolder } from '../testing/run-rondo.js';
import { trainSmallRun } from '../testing/small-run.js';

const folder = temporaryFolder();
const run = path.join(folder, 'run');
const bin = path.resolve(import.meta.dirname, '..', '..', 'bin', 'rondo.js');

beforeAll(() => trainSmallRun(folder), 60_000);

describe('rondo play', () => {
  it('writes a Standard MIDI File, also to stdout', async () => {
    const out = path.join(folder, 'live.mid');
    const args = ['--seconds', '6', '--tempo', '120', '--key', 'C major'];
    const written = await rondoJson<{ notes: number; seconds: number }>(['play', run, '--out', out, ...args]);
    const score = readMidi(fs.readFileSync(out));
    expect(score.tracks.flatMap(({ notes }) => notes)).toHaveLength(written.notes);
    expect(written.seconds).toBeCloseTo(6, 1); // a chunk of two bars and one bar
    expect(score.tempos).toEqual([{ tick: 0, microsecondsPerQuarter: 500_000 }]);
    expect(score.timeSignatures).toEqual([{ tick: 0, numerator: 4, denominator: 4 }]);
    expect(score.keySignatures).toEqual([{ tick: 0, fifths: 0, mode: 'major' }]);
    const piped = execFileSync(process.execPath, [bin, 'play', run, '--out', '-', ...args]);
    expect(piped.equals(fs.readFileSync(out))).toBe(true);
  }); // prettier-ignore

  it.skipIf(process.platform === 'win32')('plays raw MIDI in time to a pipe, changes on the way, and leaves no key down', async () => {
    const pipe = path.join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const heard: { at: number; byte: number }[] = [];
    const reader = fs.createReadStream(pipe);
    reader.on('data', (chunk) => heard.push(...[...(chunk as Buffer)].map((byte) => ({ at: performance.now(), byte }))));
    const args = ['play', run, '--raw', pipe, '--tempo', '240', '--chunk', '1', '--ahead', '0.2', '--key', 'C major', '--json'];
    const child = spawn(process.execPath, [bin, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (data: Buffer) => {
      stderr += data.toString();
      if (stderr.includes('playing') && !stderr.includes('changed')) child.stdin.write('key F# major pentatonic\n');
    });
    setTimeout(() => child.stdin.write('stop\n'), 6000);
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('changed');
    const messages = parse(heard);
    const ons = messages.filter(({ status, velocity }) => status === 0x90 && velocity > 0);
    const down = new Set<number>();
    for (const { status, key } of messages) {
      if (status === 0x90) down.add(key);
      if (status === 0x80) down.delete(key);
    }
    expect(down.size === 0 || messages.at(-1)?.status === 0xb0).toBe(true); // all notes off at the end
    expect(ons.length).toBeGreaterThan(5);
    expect(ons.at(-1)!.at - ons[0].at).toBeGreaterThan(1000); // in real time, not at once
    expect(ons.slice(-4).every(({ key }) => [6, 8, 10, 1, 3].includes(key % 12))).toBe(true);
  }, 30_000); // prettier-ignore

  it('says where it could play', async () => {
    expect(await rondo(['play', run])).toMatchObject({ code: 2, stderr: expect.stringContaining('--raw') });
    expect(await rondo(['play', run, '--out', 'x.mid'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--seconds') });
    expect(await rondo(['play', run, '--raw', path.join(folder, 'no', 'device')])).toMatchObject({ code: 1, stderr: expect.stringContaining('ENOENT') });
    expect(await rondo(['play', run, '--port', 'nowhere'])).toMatchObject({ code: 1, stderr: expect.stringMatching(/--raw|no MIDI port/) });
  }); // prettier-ignore
});

function parse(heard: readonly { at: number; byte: number }[]) {
  const messages: { at: number; status: number; key: number; velocity: number }[] = [];
  for (let i = 0; i < heard.length; ) {
    const { at, byte } = heard[i];
    const status = byte & 0xf0;
    const [key, velocity] = [heard[i + 1]?.byte ?? 0, heard[i + 2]?.byte ?? 0];
    messages.push({ at, status, key, velocity });
    i += status === 0xc0 ? 2 : 3;
  }
  return messages;
}
