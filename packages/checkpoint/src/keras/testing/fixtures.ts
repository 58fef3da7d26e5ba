import { takesIds, type Network } from '@rondo/core-native';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll } from 'vitest';
import type { Bundle } from '../../bundle/bundle.js';
import { importKeras, type KerasImportOptions } from '../import-keras.js';

export const FIXTURES = path.resolve(import.meta.dirname, '..', '..', '..', 'fixtures', 'keras');

export const fixture = (name: string): string => path.join(FIXTURES, name);

export function fixtureJson<T>(name: string): T {
  return JSON.parse(fs.readFileSync(fixture(name), 'utf8')) as T;
}

/** The tutorial's network, small, as Keras saved it. */
export interface TutorialNet {
  sequenceLength: number;
  vocabulary: string[];
  inputIds: number[][];
  probabilities: { shape: number[]; data: number[] };
}

/** Other networks over the same vocabulary. */
export interface MoreNetworks {
  sequenceLength: number;
  inputIds: number[][];
  networks: Record<string, { shape: number[]; data: number[] }>;
}

/** Notes for a vocabulary of 11, as a file. */
export const NOTES = fixture('tutorial-net-files.json');

const imported: Network[] = [];

/** An import on one thread, whose network goes away with the test file. */
export async function importFixture(file: string, options: Partial<KerasImportOptions> = {}) {
  const result = await importKeras(file, { notes: NOTES, device: 'cpu', threads: 1, ...options });
  imported.push(result.bundle.network);
  return result;
}

afterAll(() => {
  for (const network of imported) network.dispose();
});

/** Probabilities [B][V] after each row of ids. */
export async function predict({ network }: Bundle, rows: readonly number[][]): Promise<number[]> {
  const input = network.spec.inputs.find(takesIds);
  if (input === undefined) throw new Error('no input of ids');
  const [batch, time] = [rows.length, rows[0].length];
  const ids = Int32Array.from({ length: batch * time }, (_, at) => rows[at % batch][Math.floor(at / batch)]);
  return Array.from(await network.predict({ batch, time, inputs: { [input.name]: ids } }));
}

export function largestDifference(a: readonly number[], b: readonly number[]): number {
  if (a.length === 0 || a.length !== b.length) throw new Error(`${a.length} values against ${b.length}`);
  return a.reduce((most, value, at) => Math.max(most, Math.abs(value - b[at])), 0);
}
