const MOST = 1000;
const END = 200;

/**
 * A message as one line of readable length: a value that came out of a damaged file may have many lines, and be as long as
 * the file.
 */
export function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= MOST ? line : `${line.slice(0, MOST - END)} … ${line.slice(-END)}`;
}
