import { describe, expect, it } from 'vitest';
import { UsageError } from '../terminal/exit-codes.js';
import { parseConditionSources, parseConditionValues } from './condition-options.js';

describe('--condition', () => {
  it('of prepare names kinds and where they come from', () => {
    expect(parseConditionSources('genre=folder:1,composer=manifest,instrument=lute,key', undefined)).toEqual({
      genre: { folder: 1 },
      composer: 'manifest',
      instrument: { value: 'lute' },
      key: 'score',
    });
    expect(parseConditionSources('genre,tempo', undefined)).toEqual({ genre: 'folder', tempo: 'score' });
    expect(parseConditionSources('genre,tempo', 'table.csv')).toEqual({ genre: 'manifest', tempo: 'manifest' });
    expect(parseConditionSources(undefined, undefined)).toBeUndefined();
  });

  it('of generate names kinds and values', () => {
    expect(parseConditionValues('genre=trip hop, key=C minor,tempo=92')).toEqual({
      genre: 'trip hop',
      key: 'C minor',
      tempo: '92',
    });
  });

  it('refuses what is no kind, twice the same one, and an empty value', () => {
    for (const wrong of ['mood', 'genre=', '', 'key,key'])
      expect(() => parseConditionSources(wrong, undefined), wrong).toThrow(UsageError);
    expect(() => parseConditionValues('genre')).toThrow(UsageError);
  });
});
