import { describe, expect, it } from 'vitest';
import { parseFactors, parseIntegerRange, parseShifts, parseSplit, requireNumber } from './ranges.js';

describe('command-line values', () => {
  it('reads ranges that begin below zero', () => {
    expect(parseIntegerRange('transpose', '-5..6')).toEqual([-5, 6]);
    expect(parseIntegerRange('transpose', '3')).toEqual([3, 3]);
  });

  it.each(['6..-5', 'a..b', '', '1..', '1.5..2'])('names the option when a range is wrong: "%s"', (text) => {
    expect(() => parseIntegerRange('transpose', text)).toThrow(/--transpose/);
  });

  it('normalises split shares', () => {
    expect(parseSplit('80/10/10')).toEqual([80, 10, 10]);
    expect(parseSplit('3/1/0')).toEqual([75, 25, 0]);
  });

  it.each(['80/20', '0/50/50', 'a/b/c', '-1/1/1'])('refuses the split "%s"', (text) => {
    expect(() => parseSplit(text)).toThrow(/--split/);
  });

  it('reads factors', () => {
    expect(parseFactors('stretch', '0.95,1,1.05')).toEqual([0.95, 1, 1.05]);
    expect(() => parseFactors('stretch', '0,1')).toThrow(/--stretch/);
  });

  it('reads shifts', () => {
    expect(parseShifts('velocity-shift', '-10,0, +10')).toEqual([-10, 0, 10]);
    for (const text of ['', '-10..10', '1.5', '5,', 'loud'])
      expect(() => parseShifts('velocity-shift', text)).toThrow(/--velocity-shift takes whole numbers such as -10,10/);
  });

  it('refuses numbers out of bounds and what is no number', () => {
    expect(() => requireNumber('epochs', 0, { min: 1, integer: true })).toThrow(/--epochs takes a whole number from 1/);
    expect(() => requireNumber('dropout', 1, { min: 0, below: 1 })).toThrow(
      /--dropout takes a number from 0 to below 1, not 1$/,
    );
    expect(() => requireNumber('epochs', Number.NaN, { min: 1 })).toThrow(/--epochs/);
    expect(() => requireNumber('epochs', undefined, { min: 1 })).not.toThrow();
  });
});
