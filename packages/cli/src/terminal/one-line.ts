const MOST_CHARACTERS = 1000;
const LAST_CHARACTERS = 200;

/**
 * A message as one line of readable length: a value that it repeats may have many lines, and be as long as the file that it
 * comes from. The libraries have the same; here it stands by itself, so that a program that only shows help loads none.
 */
export function oneLine(text: string): string {
  const line = printable(text.replace(/\s+/g, ' ')).trim();
  if (line.length <= MOST_CHARACTERS) return line;
  return `${line.slice(0, MOST_CHARACTERS - LAST_CHARACTERS)} … ${line.slice(-LAST_CHARACTERS)}`;
}

/** Bytes of a file or of its name may hold what a terminal obeys: only lines and columns are left of that. */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '\uFFFD');
}
