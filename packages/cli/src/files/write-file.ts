import fs from 'node:fs';

/** Writes a whole file or none: what was there before stays until the new bytes are complete. */
export function writeFile(file: string, content: string | Uint8Array): void {
  const part = `${file}.part`;
  try {
    fs.writeFileSync(part, content);
    fs.renameSync(part, file);
  } catch (error) {
    fs.rmSync(part, { force: true });
    // The user knows the file, not its unfinished copy.
    if (error instanceof Error && 'path' in error) error.path = file;
    throw error;
  }
}
