import { performance } from 'node:perf_hooks';

const WARM_UP = 0.1; // seconds in which the code is compiled: they say nothing about the rest
const TRIAL = 0.15; // seconds after which the pace is believed
const WORTH = 2.5; // seconds of work that are left, below which two threads save less than they cost
const THREAD_SECONDS = 0.5; // what each thread must have to do then

/** How fast files are read, and whether it would pay to share the rest among threads. */
export class Pace {
  private spent = 0;
  private counted = { seconds: 0, files: 0 };

  constructor(
    private readonly files: number,
    private readonly cores: number,
    private readonly now: () => number = () => performance.now() / 1000,
  ) {}

  /** Does the work of one file and times it. */
  time<T>(work: () => T): T {
    const start = this.now();
    const result = work();
    const seconds = this.now() - start;
    if (this.spent >= WARM_UP)
      this.counted = { seconds: this.counted.seconds + seconds, files: this.counted.files + 1 };
    this.spent += seconds;
    return result;
  }

  /** Threads that are worth their start for the files after the first `done`: 0 or at least 2. */
  threads(done: number): number {
    const { seconds, files } = this.counted;
    if (seconds < TRIAL) return 0;
    const left = (seconds / files) * (this.files - done);
    return left < WORTH || this.cores < 2 ? 0 : Math.min(this.cores, Math.floor(left / THREAD_SECONDS));
  }
}
