import fs from 'node:fs';
import path from 'node:path';

/**
 * Makes a folder and those above it, one by one: Node's own recursive call never ends below /proc, where a folder's
 * making fails in the way in which a missing parent does.
 * @returns those that were not there before, the outermost first
 * @throws the system's error
 */
export function makeFolder(folder: string): string[] {
  const whole = path.resolve(folder);
  const parent = path.dirname(whole);
  const made = parent !== whole && !fs.existsSync(parent) ? makeFolder(parent) : [];
  try {
    fs.mkdirSync(whole);
    return [...made, whole];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' && fs.statSync(whole).isDirectory()) return made;
    throw error;
  }
}
