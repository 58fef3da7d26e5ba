import path from 'node:path';

/**
 * Gives each input file a name for what is written about it: the file's own without extension, numbered where another
 * one has it already. Names that differ in case alone are one name, as they are on many disks.
 */
export function outputNames(): (file: string) => string {
  const given = new Set<string>();
  const lastNumber = new Map<string, number>();
  const fold = (name: string) => name.normalize('NFC').toLowerCase();
  return (file) => {
    const stem = path.basename(file, path.extname(file));
    let name = stem;
    let number = lastNumber.get(fold(stem)) ?? 1;
    while (given.has(fold(name))) {
      number += 1;
      name = `${stem}-${number}`;
    }
    lastNumber.set(fold(stem), number);
    given.add(fold(name));
    return name;
  };
}
