const now = () => performance.now() / 1000;

/** The time of a sitting, which begins when this is made, and of the whole run. Seconds throughout. */
export class Clock {
  readonly #began = now();

  /**
   * @param before time of the run in earlier sittings
   * @param limit time that this sitting has
   */
  constructor(
    private readonly before: number,
    private readonly limit = Infinity,
  ) {}

  get sitting(): number {
    return now() - this.#began;
  }

  get run(): number {
    return this.before + this.sitting;
  }

  /** What is left of this sitting; 0 when it is over. */
  get left(): number {
    return Math.max(0, this.limit - this.sitting);
  }
}
