const MOST = 1000;
const END = 200;

/**
 * A message as one line of readable length: a value that came out of a damaged file may have many lines, be as long as
 * the file, and hold what a terminal would obey.
 */
export function oneLine(text: string): string {
  const line = text
    .replace(/\s+/g, ' ')
    .replace(/\p{Cc}/gu, '\uFFFD')
    .trim();
  return line.length <= MOST ? line : `${line.slice(0, MOST - END)} … ${line.slice(-END)}`;
}
