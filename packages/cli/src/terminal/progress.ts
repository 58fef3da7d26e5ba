import cliProgress from 'cli-progress';
import { formatDuration } from './format.js';
import type { Output } from './output.js';

/** Seconds between two plain lines where no bar can be drawn. */
const plainInterval = 10;

/** Progress of one long piece of work: a bar with rate and time left on a terminal, plain lines elsewhere. */
export interface Progress {
  /** `done` of `total` units; `detail` stands at the end of the line; `secondsLeft` where the caller knows better. */
  update(done: number, total: number, detail?: string, secondsLeft?: number): void;
  /** Prints a line above the bar. */
  line(text: string): void;
  /** Idempotent. */
  stop(): void;
}

const silent: Progress = { update: () => undefined, line: () => undefined, stop: () => undefined };

/** @param unit what is counted, in the plural: "files", "steps" */
export function startProgress(output: Output, label: string, unit: string): Progress {
  if (output.quiet) return silent;
  return process.stderr.isTTY ? terminalBar(label, unit) : plainLines(output, label, unit);
}

/** Time left at the rate since the first update: a resumed run starts with work already done. */
function estimator(): (done: number, total: number) => number | undefined {
  let first: { done: number; time: number } | undefined;
  return (done, total) => {
    first ??= { done, time: Date.now() };
    if (done <= first.done) return undefined;
    return (((Date.now() - first.time) / 1000) * (total - done)) / (done - first.done);
  };
}

function leftText(seconds: number | undefined): string {
  return seconds === undefined ? '…' : formatDuration(seconds);
}

function terminalBar(label: string, unit: string): Progress {
  const bars = new cliProgress.MultiBar(
    {
      format: `${label} {bar} {value}/{total} ${unit} · {left} left {detail}`,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 24,
      hideCursor: true,
      stream: process.stderr,
      linewrap: false,
    },
    cliProgress.Presets.shades_classic,
  );
  const estimate = estimator();
  const bar = bars.create(1, 0, { left: '…', detail: '' });
  return {
    update(done, total, detail = '', secondsLeft = estimate(done, total)) {
      bar.setTotal(total);
      bar.update(done, { left: leftText(secondsLeft), detail: detail && `· ${detail}` });
    },
    line: (text) => bars.log(`${text}\n`),
    stop: () => bars.stop(),
  };
}

function plainLines(output: Output, label: string, unit: string): Progress {
  const estimate = estimator();
  let last = Date.now();
  return {
    update(done, total, detail = '', secondsLeft = estimate(done, total)) {
      if (Date.now() - last < plainInterval * 1000) return;
      last = Date.now();
      output.note(`${label} ${done}/${total} ${unit}, ${leftText(secondsLeft)} left${detail && `, ${detail}`}`);
    },
    line: (text) => output.note(text),
    stop: () => undefined,
  };
}
