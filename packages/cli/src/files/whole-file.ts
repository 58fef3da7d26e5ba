import fs from 'node:fs';

/** Bytes of a file; a failure names it, also where the system's error does not. */
export function readFile(file: string): Buffer {
  return naming(file, () => fs.readFileSync(file));
}

/** Writes a whole file or none: what was there before stays until the new bytes are complete. */
export function writeFile(file: string, content: string | Uint8Array): void {
  const part = `${file}.part`;
  naming(file, () => {
    try {
      fs.writeFileSync(part, content);
      fs.renameSync(part, file);
    } catch (error) {
      fs.rmSync(part, { force: true });
      throw error;
    }
  });
}

function naming<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error) Object.assign(error, { path: file });
    throw error;
  }
}
