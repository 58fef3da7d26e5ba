/** Weight of the newest step in the running mean; about the last thirty steps count. */
const NEWEST = 1 / 30;

/** Measures how fast training goes, for rates and the time left. Seconds throughout. */
export class Pace {
  #stepSeconds: number | undefined;
  #tokensPerStep = 0;
  #evaluationSeconds = 0;

  recordStep(seconds: number, tokens: number): void {
    const share = this.#stepSeconds === undefined ? 1 : NEWEST;
    this.#stepSeconds = (1 - share) * (this.#stepSeconds ?? 0) + share * seconds;
    this.#tokensPerStep = (1 - share) * this.#tokensPerStep + share * tokens;
  }

  recordEvaluation(seconds: number): void {
    this.#evaluationSeconds = seconds;
  }

  /** Predicted tokens per second of training; 0 before the first step. */
  get tokensPerSecond(): number {
    return this.#stepSeconds === undefined ? 0 : this.#tokensPerStep / Math.max(this.#stepSeconds, 1e-9);
  }

  /** Time that so many more steps and evaluations will take; undefined before the first step. */
  left(steps: number, evaluations: number): number | undefined {
    if (this.#stepSeconds === undefined) return undefined;
    return steps * this.#stepSeconds + evaluations * this.#evaluationSeconds;
  }
}
