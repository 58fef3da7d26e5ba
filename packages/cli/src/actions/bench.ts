import type { BenchCase } from '@rondo/core-native';
import { writeBatchSizePictures } from '../bench/batch-size-pictures.js';
import { BATCH_SIZES, describeBench, runBench } from '../bench/run-bench.js';
import type { CommandContext } from '../command.js';
import type { BenchOptions } from '../commands/bench.js';
import { UsageError } from '../terminal/exit-codes.js';
import { interruptible } from '../terminal/interruption.js';

/** `rondo bench`: what the engine does, on the CPU of what the machine can do. */
export async function run(
  { only, threads, seconds, batchSizes, picture, device, precision }: BenchOptions,
  { output, signal }: CommandContext,
): Promise<void> {
  const onCase = (row: BenchCase) => {
    const share = row.shareOfPeak === undefined ? '' : `, ${(100 * row.shareOfPeak).toFixed(0)} % of the peak`;
    output.note(`${row.name}: ${row.ms.toPrecision(4)} ms${share}`);
  };
  const asked = { only, threads, seconds, device, precision, batchSizes: batchSizes ? BATCH_SIZES : undefined };
  const document = await interruptible(signal, 'stopped: not every case was measured', () =>
    runBench({ ...asked, onCase, signal }),
  );
  if (document.cases.length === 0)
    throw new UsageError(`--only ${only}: no case has a name with that; "rondo bench" without it shows all names`);
  const files = picture === undefined ? [] : writeBatchSizePictures(picture, document.cases);
  output.result(files.length > 0 ? { ...document, files } : document, () =>
    [describeBench(document), ...files].join('\n'),
  );
}
