// The figures that measure.mjs left, and what is asked of them more than once.
import fs from 'node:fs';

/** The document, with `cases(threads, prefix)`: the cases of all runs with so many threads whose names begin so. */
export function readFigures(file) {
  const document = JSON.parse(fs.readFileSync(file, 'utf8'));
  const cases = (threads, prefix) =>
    document.runs
      .filter((run) => run.threads === threads)
      .flatMap((run) => run.cases.filter(({ name }) => name.startsWith(prefix)));
  const threadCounts = [...new Set(document.runs.map((run) => run.threads))];
  return { ...document, cases, threadCounts };
}

/** The number at the end of a case's name: "growth/batch/32" → 32. */
export const sizeOf = ({ name }) => Number(name.split('/').at(-1));

/** GFLOP/s that the machine did on so many threads, in the best slice of any run. */
export const peakOf = ({ runs }, threads) =>
  Math.max(...runs.filter((run) => run.threads === threads).map((run) => run.peak.fmaGflops));
