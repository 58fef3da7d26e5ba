import { zipSync } from 'fflate';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { writeMidi } from '../../midi/write-midi.js';
import { tarOf, zip64Of, type ZipPart } from '../../testing/archives.js';
import { listFolder, temporaryFolders, tune, tunes, writeCorpus } from '../../testing/corpus.js';
import { prepareDataset } from '../prepare.js';
import type { PrepareReport } from '../types.js';
import { TarError, TarReader, type TarHeader } from './tar.js';

const folder = temporaryFolders();
const midi = (seed: number): Uint8Array => writeMidi(tune(seed));

async function prepared(root: string, input: string): Promise<PrepareReport> {
  return prepareDataset({ inputs: [join(root, input)], out: join(root, 'set'), seed: 1 });
}

const reasons = ({ files }: PrepareReport): Record<string, string> =>
  Object.fromEntries(files.skipped.map(({ file, reason }) => [basename(file), reason]));

/** An archive of a whole corpus under the name of its folder, so that all labels are the same. */
function corpus(): Record<string, Uint8Array> {
  return Object.fromEntries(
    Object.entries(tunes(12)).map(([name, score], i) => [`${i % 3}/${name}`, writeMidi(score)]),
  );
}

describe('archives', () => {
  it('give the same ids as the folder that was packed, from zip, tar and tar.gz', async () => {
    const root = folder();
    const files = corpus();
    writeCorpus(join(root, 'folder'), files);
    const odd = { ...files, 'read me.txt': new Uint8Array(5), '0/': new Uint8Array(0) };
    writeFileSync(join(root, 'a.zip'), zipSync(odd, { level: 6 }));
    writeFileSync(join(root, 'stored.ZIP'), zipSync(odd, { level: 0 }));
    writeFileSync(join(root, 'a.tar'), tarOf(Object.entries(odd)));
    writeFileSync(join(root, 'a.tar.gz'), gzipSync(tarOf(Object.entries(odd).reverse())));
    writeFileSync(join(root, 'zip64.zip'), zip64Of(Object.entries(files).map(([name, bytes]) => ({ name, bytes })), 'PK\x05\x06')); // prettier-ignore
    const expected = await prepared(root, 'folder');
    const ids = readFileSync(join(root, 'set', 'train.ids'));
    const before = listFolder(root);
    for (const name of ['a.zip', 'stored.ZIP', 'a.tar', 'a.tar.gz', 'zip64.zip']) {
      const report = await prepared(root, name);
      expect(report.files, name).toEqual({ ok: 12, skipped: [], duplicates: [] });
      expect(report.tokens).toEqual(expected.tokens);
      expect(readFileSync(join(root, 'set', 'train.ids')).equals(ids), name).toBe(true);
      expect(readFileSync(join(root, 'set', 'train.pieces.jsonl'), 'utf8')).toContain(`"file":"${name}/1/`);
    }
    expect(listFolder(root)).toEqual(before); // nothing was unpacked beside the dataset
  });

  it('keep names apart from paths: nothing is written where a name points', async () => {
    const root = folder();
    mkdirSync(join(root, 'in'));
    const names = ['../../escape.mid', '/absolute.mid', 'C:\\windows.mid', 'x\0y.mid', `${'long/'.repeat(40)}é.mid`];
    const parts = names.map((name, i): [string, Uint8Array] => [name, midi(i)]);
    writeFileSync(join(root, 'in', 'a.tgz'), gzipSync(tarOf(parts, 'pax')));
    writeFileSync(join(root, 'in', 'a.zip'), zip64Of(parts.map(([name, bytes]) => ({ name, bytes }))));
    for (const archive of ['in/a.tgz', 'in/a.zip']) {
      const report = await prepared(root, archive);
      expect(report.files.ok).toBeGreaterThanOrEqual(4); // a tar ends a name at its zero byte
      expect(listFolder(root)).toEqual(['in', 'set']);
      expect(listFolder(join(root, 'in'))).toEqual(['a.tgz', 'a.zip']);
    }
    expect(readFileSync(join(root, 'set', 'train.pieces.jsonl'), 'utf8')).toContain('é.mid');
  });

  it('may hold one name several times: each is a file', async () => {
    const root = folder();
    const twice = [0, 1, 0].map((seed): [string, Uint8Array] => ['same.mid', midi(seed)]);
    writeFileSync(join(root, 'a.tar'), tarOf([...twice, ['other.mid', midi(4)]]));
    const report = await prepared(root, 'a.tar');
    expect(report.files.ok).toBe(3);
    expect(reasons(report)['same.mid (3)']).toMatch(/duplicate.*same\.mid$/);
  });

  it('are given as validation too, and found by glob patterns', async () => {
    const root = folder();
    writeFileSync(join(root, 'one.zip'), zipSync({ 'a.mid': midi(1), 'b.mid': midi(2) }));
    writeFileSync(join(root, 'two.zip'), zipSync({ 'c.mid': midi(3) }));
    writeFileSync(join(root, 'held.tgz'), gzipSync(tarOf([['d.mid', midi(4)]])));
    const options = { inputs: [join(root, '*.zip')], valid: join(root, 'held.tgz'), out: join(root, 'set') };
    const report = await prepareDataset(options);
    expect(report.files.ok).toBe(4);
    expect(readFileSync(join(root, 'set', 'valid.pieces.jsonl'), 'utf8')).toContain('held.tgz/d.mid');
  });
});

describe('hostile archives', () => {
  const zeros = new Uint8Array(17 * 1024 * 1024);

  it('cannot make a file larger than the limit, whatever they claim', async () => {
    const root = folder();
    const liar: ZipPart = { name: 'liar.mid', bytes: zeros, claims: { size: 100 } };
    const honest: ZipPart = { name: 'bomb.mid', bytes: zeros };
    const locked: ZipPart = { name: 'locked.mid', bytes: midi(2), claims: { flags: 0x801 } };
    const strange: ZipPart = { name: 'strange.mid', bytes: midi(3), claims: { method: 99 } };
    const broken: ZipPart = { name: 'broken.mid', bytes: midi(4), claims: { packed: 20 } };
    const good = [5, 6].map((seed): ZipPart => ({ name: `${seed}.mid`, bytes: midi(seed) }));
    writeFileSync(join(root, 'a.zip'), zip64Of([liar, honest, locked, strange, broken, ...good]));
    const report = await prepared(root, 'a.zip');
    expect(report.files.ok).toBe(2);
    expect(reasons(report)).toEqual({
      'liar.mid': expect.stringMatching(/unpacks to more than/),
      'bomb.mid': expect.stringMatching(/17825792 bytes/),
      'locked.mid': expect.stringMatching(/encrypted/),
      'strange.mid': expect.stringMatching(/not supported/),
      'broken.mid': expect.stringMatching(/damaged/),
    });
    writeFileSync(join(root, 'a.tar'), tarOf([['bomb.mid', zeros], ['5.mid', midi(5)]])); // prettier-ignore
    expect(reasons(await prepared(root, 'a.tar'))['bomb.mid']).toMatch(/17825792 bytes/);
  });

  it('are refused by name where they are damaged, overlap or only fill disks', async () => {
    const root = folder();
    const whole = zip64Of([1, 2].map((seed) => ({ name: `${seed}.mid`, bytes: midi(seed) })));
    const overlapping = Array.from({ length: 9 }, (_, i) => ({ name: `${i}.mid`, bytes: midi(1), claims: { offset: 0, packed: 99 } })); // prettier-ignore
    const tar = tarOf([['a.mid', midi(1)], ['b.mid', midi(2)]]); // prettier-ignore
    const changed = Buffer.from(tar);
    changed[3] ^= 1;
    const bad: Record<string, Uint8Array> = {
      'cut.zip': whole.subarray(0, whole.length - 40),
      'no.zip': new TextEncoder().encode('not a zip at all'),
      'overlap.zip': zip64Of(overlapping.map((part) => ({ ...part, claims: { offset: 0, packed: 1000 } }))),
      'directory.zip': Buffer.from(whole.toString('latin1').replace('PK\x01\x02', 'PK\x01\x03'), 'latin1'),
      'cut.tar': tar.subarray(0, 550),
      'changed.tar': changed,
      'empty.tar': new Uint8Array(0),
      'zeros.tgz': gzipSync(Buffer.alloc(280 * 1024 * 1024), { level: 1 }),
      'cut.tgz': gzipSync(tar).subarray(0, 100),
      'no.tgz': new TextEncoder().encode('not packed at all, neither as gzip nor as tar'),
    };
    for (const [name, bytes] of Object.entries(bad)) {
      writeFileSync(join(root, name), bytes);
      const input = expect.objectContaining({ code: 'RONDO_DATASET_INPUT', message: expect.stringContaining(name) });
      await expect(prepared(root, name), name).rejects.toThrow(input);
    }
    expect(listFolder(root)).toEqual(Object.keys(bad).sort());
  });
});

describe('TarReader', () => {
  it('does not care how the stream is cut', () => {
    const tar = tarOf([['a', new Uint8Array(1000).fill(1)], [`${'x/'.repeat(80)}b`, new Uint8Array(3)], ['c', new Uint8Array(0)]]); // prettier-ignore
    const read = (step: number): string => {
      const seen: string[] = [];
      let length = 0;
      const reader = new TarReader({
        begin: ({ name, size }: TarHeader) => (length = 0, seen.push(`${name} ${size}`) > 0),
        content: (bytes) => void (length += bytes.length),
        end: () => void seen.push(`${length}`),
      }); // prettier-ignore
      for (let at = 0; at < tar.length; at += step) reader.write(tar.subarray(at, at + step));
      reader.finish();
      return seen.join();
    };
    for (const step of [1, 7, 512, 513, 100_000]) expect(read(step)).toBe(read(4096));
    expect(read(7)).toBe(`a 1000,1000,${'x/'.repeat(80)}b 3,3,c 0,0`);
    expect(() => new TarReader({ begin: () => true, content: () => undefined, end: () => undefined }).write(Buffer.alloc(512, 7))).toThrow(TarError); // prettier-ignore
  });
});
