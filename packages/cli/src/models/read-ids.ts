import { z } from 'zod';
import { readFile } from '../files/whole-file.js';
import { CommandError } from '../terminal/exit-codes.js';

const row = z.array(z.int().nonnegative()).min(1);
const rows = z.array(row).min(1);
const oneRow = z.union([
  row,
  z
    .array(row)
    .length(1)
    .transform(([only]) => only),
]);

/** A JSON file with one row of token ids. @throws CommandError */
export function readIdRow(file: string): number[] {
  return parse(file, oneRow, 'one row of token ids such as [12, 7, 33]');
}

/** A JSON file with several rows of token ids. @throws CommandError */
export function readIdRows(file: string): number[][] {
  return parse(file, rows, 'rows of token ids such as [[12, 7, 33]]');
}

function parse<T>(file: string, schema: z.ZodType<T>, expected: string): T {
  const result = schema.safeParse(readJson(file));
  if (!result.success) throw new CommandError(`${file} must hold ${expected}`);
  return result.data;
}

function readJson(file: string): unknown {
  const text = readFile(file).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandError(`${file} is no JSON: ${(error as Error).message}`);
  }
}
