import { PRESET_NAMES } from '@rondo/trainer';
import { describe, expect, it } from 'vitest';
import { TRIALS, tryPreset } from '../testing/hundred.js';
import { temporaryFolder } from '../testing/run-rondo.js';

const folder = temporaryFolder();
/** `nx hundred cli` asks for a hundred pieces of every preset; the suite tries some of three. */
const count = Number(process.env.RONDO_HUNDRED ?? 8);
const presets = process.env.RONDO_HUNDRED === undefined ? (['small', 'chorales', 'bilstm'] as const) : PRESET_NAMES;

describe(`${count} pieces`, () => {
  it.each(presets)('of the preset %s are whole MIDI files: no hanging or endless note, none longer than asked', async (preset) => {
    const { pieces, notes, faults, asked, longest, longestCopy } = await tryPreset(preset, count, folder);
    expect(faults).toEqual([]);
    expect(pieces).toBe(count);
    expect(notes).toBeGreaterThan(count);
    expect(longestCopy).toBeGreaterThan(0);
    expect(longest).toBeLessThan(asked + 0.021);
    process.stdout.write(`${preset}: ${pieces} pieces, ${notes} notes, ${longest.toFixed(2)} of ${asked} s, longest copy ${longestCopy} tokens\n`);
  }, 1_800_000); // prettier-ignore

  it('every preset has its trial', () => {
    expect(Object.keys(TRIALS).sort()).toEqual([...PRESET_NAMES].sort());
  });
});
