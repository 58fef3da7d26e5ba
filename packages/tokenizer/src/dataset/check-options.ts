import type { Scheme } from '../schemes/scheme.js';
import { PART_NAMES } from '../table/instrument-families.js';
import { DatasetError } from './dataset-error.js';
import type { PrepareOptions } from './types.js';

const MOST_VELOCITY = 126; // from the softest, 1, to the loudest, 127

/** @throws DatasetError RONDO_DATASET_OPTION for inputs or copies that cannot be. */
export function checkOptions(options: PrepareOptions): void {
  const { inputs, transpose = [0, 0], stretch = [], velocityShift = [] } = options;
  if (inputs.length === 0) throw wrong('expected MIDI files or folders to read, got none');
  const [from, to] = transpose;
  if (!Number.isInteger(from) || !Number.isInteger(to) || from > to || from < -127 || to > 127) {
    throw wrong(`expected a range of semitones such as -5..6, got ${from}..${to}`);
  }
  const factor = stretch.find((value) => !(value >= 0.25 && value <= 4));
  if (factor !== undefined) throw wrong(`expected tempo factors from 0.25 to 4, got ${factor}`);
  const shift = velocityShift.find((value) => !(Number.isInteger(value) && Math.abs(value) <= MOST_VELOCITY));
  if (shift === undefined) return;
  throw wrong(`velocityShift: expected whole numbers from -${MOST_VELOCITY} to ${MOST_VELOCITY}, got ${shift}`);
}

/**
 * Louder and softer copies only where tokens tell velocities apart: elsewhere all would read like the piece itself.
 * @throws DatasetError RONDO_DATASET_OPTION
 */
export function checkVelocities({ name, config }: Scheme, { velocityShift = [] }: PrepareOptions): void {
  if (velocityShift.every((shift) => shift === 0)) return;
  const levels = config['velocityBins'] as number | undefined;
  if (levels !== undefined && levels > 1) return;
  const some = levels === undefined ? '' : ` with ${levels === 1 ? 'one velocity level' : 'no velocity levels'}`;
  const remedy = levels === undefined ? 'remi and performance do' : 'give it more levels';
  throw wrong(
    `velocityShift: the scheme "${name}"${some} does not tell velocities apart, all copies would be the same (${remedy})`,
  );
}

/**
 * Copies of a part alone only where tokens tell the parts apart: nobody could ask for one elsewhere.
 * @throws DatasetError RONDO_DATASET_OPTION
 */
export function checkAlone({ name, config }: Scheme, { alone = [] }: PrepareOptions): void {
  const unknown = alone.find((part) => !PART_NAMES.includes(part));
  if (unknown !== undefined) {
    throw wrong(
      `alone: expected "drums" or families of instruments (${PART_NAMES.slice(1).join(', ')}), got "${unknown}"`,
    );
  }
  const lost = alone.find((part) => config[part === 'drums' ? 'drums' : 'programs'] !== true || name !== 'remi');
  if (lost === undefined) return;
  const what = lost === 'drums' ? 'percussion' : 'instruments';
  const remedy = name === 'remi' ? 'with these options ' : '';
  throw wrong(`alone: the scheme "${name}" ${remedy}does not tell ${what} apart (remi does, unless told otherwise)`);
}

function wrong(message: string): DatasetError {
  return new DatasetError('RONDO_DATASET_OPTION', message);
}
