import fs from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { renameDurably } from './durable.js';
import { temporaryFolder } from './testing/temporary.js';

// Windows is not at hand: its refusals are played, and the program is told that it runs there.
vi.mock('node:fs/promises', { spy: true });
const real = process.platform;
afterEach(() => {
  Object.defineProperty(process, 'platform', { value: real });
  vi.mocked(fs.rename).mockReset();
});

async function renameAs(platform: NodeJS.Platform, code: string, refusals: number): Promise<string[]> {
  const folder = await temporaryFolder();
  await fs.mkdir(join(folder, 'last.new'));
  Object.defineProperty(process, 'platform', { value: platform });
  for (let i = 0; i < refusals; i += 1)
    vi.mocked(fs.rename).mockRejectedValueOnce(Object.assign(new Error(code), { code }));
  await renameDurably(join(folder, 'last.new'), join(folder, 'last'));
  return fs.readdir(folder);
}

describe('a folder that somebody looks into', () => {
  it.each(['EPERM', 'EACCES', 'EBUSY'])('is renamed on Windows as soon as it can be: %s', async (code) => {
    expect(await renameAs('win32', code, 3)).toEqual(['last']);
  });

  it('is refused elsewhere, and for other reasons, at once', async () => {
    await expect(renameAs('linux', 'EPERM', 1)).rejects.toMatchObject({ code: 'EPERM' });
    await expect(renameAs('win32', 'ENOSPC', 1)).rejects.toMatchObject({ code: 'ENOSPC' });
  });
});
