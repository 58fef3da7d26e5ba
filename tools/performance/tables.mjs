// The tables of docs/performance.md, as Markdown that Prettier then aligns.
const percent = (share) => `${(100 * share).toFixed(0)} %`;
const table = (header, rows) =>
  [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

export function machineTable({ machine, runs, date, commit }) {
  const rows = runs.map((run) => [
    run.options.only ?? 'batch sizes',
    run.threads,
    run.peak.fmaGflops.toFixed(1),
    run.peak.readGBps.toFixed(1),
    percent(run.otherLoad),
  ]);
  const facts = `${machine.device}, ${machine.simd}, ${machine.cores} cores; ${date}, commit ${commit}.`;
  const header = ['part', 'threads', 'peak GFLOP/s', 'reads of 256 MiB, GB/s', 'cores taken by others'];
  return `${facts}\n\n${table(header, rows)}`;
}

export function casesTable({ cases, threadCounts }) {
  const kinds = ['train-step', 'one-token', 'lstm', 'gemm'];
  const rows = threadCounts.flatMap((count) => kinds.flatMap((kind) => cases(count, kind)));
  return table(
    ['case', 'threads', 'best ms', 'median ms', 'rate', 'of peak', 'by CPU time'],
    rows.map((row) => [
      `\`${row.name}\``,
      row.threads,
      row.ms.toPrecision(4),
      row.medianMs.toPrecision(4),
      row.gbps === undefined ? `${row.gflops.toFixed(1)} GFLOP/s` : `${row.gbps.toFixed(1)} GB/s`,
      percent(row.shareOfPeak),
      percent(row.shareOfPeakByCpuTime),
    ]),
  );
}

/** The tutorial's training step at every batch size that was measured. */
export function batchTable({ cases, machine }) {
  const rows = cases(machine.cores, 'batch-size/');
  return table(
    ['rows', 'ms per step', 'rows per second', 'of peak', 'memory, MB'],
    rows.map(({ batch, ms, shareOfPeak, memoryBytes }) => [
      batch,
      ms.toFixed(0),
      ((1000 * batch) / ms).toFixed(1),
      percent(shareOfPeak),
      (memoryBytes / 1e6).toFixed(0),
    ]),
  );
}

/** One token with weights in 32, 16 and 8 bits, a column group per number of threads. */
export function weightsTable({ cases, threadCounts }) {
  const columns = (count) => [`${count} thread${count === 1 ? '' : 's'}, ms`, 'GB/s read', 'of reading'];
  const names = cases(threadCounts[0], 'one-token/').map(({ name }) => name);
  const row = (name) =>
    threadCounts.flatMap((count) => {
      const [{ ms, gbps, shareOfPeak }] = cases(count, name);
      return [ms.toFixed(3), gbps.toFixed(1), percent(shareOfPeak)];
    });
  return table(
    ['case', ...threadCounts.flatMap(columns)],
    names.map((name) => [`\`${name}\``, ...row(name)]),
  );
}
