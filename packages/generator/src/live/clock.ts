/** Time for live music, so that tests need not wait. */
export interface Clock {
  /** Seconds since some beginning. */
  now(): number;
  /** Resolves after so many seconds, or when the signal is aborted. */
  wait(seconds: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of the machine: seconds that only ever rise, and waiting that an abort ends at once. */
export const realClock: Clock = {
  now: () => performance.now() / 1000,
  wait: (seconds, signal) =>
    new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', finish);
        resolve();
      };
      const timer = setTimeout(finish, Math.max(0, seconds * 1000));
      if (signal?.aborted) finish();
      else signal?.addEventListener('abort', finish);
    }),
};

/** A clock on which no wait takes any time: music as fast as it can be made. */
export function instantClock(): Clock {
  let time = 0;
  return {
    now: () => time,
    wait: (seconds) => {
      time += Math.max(0, seconds);
      return Promise.resolve();
    },
  };
}
