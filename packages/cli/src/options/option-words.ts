/** Options that have another name in a library than on the command line; the rest differ in their spelling alone. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  learningRate: 'lr',
  clipNorm: 'clip',
  saveEverySeconds: 'save-every',
  run: 'out',
  tokens: 'length',
  minTokens: 'min-length',
};

/** How the options of a call are to be named: as they were given. */
export class OptionWords {
  #known: ReadonlySet<string> = new Set();
  #file = '';
  #keys: ReadonlyMap<string, string> = new Map();

  /** @param words the command line, whose options win over a file's */
  constructor(private readonly words: readonly string[]) {}

  /** @param known names of the command's options, in kebab-case */
  learn(known: Iterable<string>): void {
    this.#known = new Set(known);
  }

  /** @param keys as the file spells them, by option */
  learnFile(file: string, keys: ReadonlyMap<string, string>): void {
    this.#file = file;
    this.#keys = keys;
  }

  /**
   * A complaint of a library or of the command line itself in the user's words: `learningRate: …` becomes `--lr: …`, as do
   * names inside the sentence that stand in backticks or are written as only code is; and
   * an option that a configuration file holds is named by its key and the file.
   */
  translate(message: string): string {
    const options = message
      .replace(/(^|; )(\w+)(?=: )/g, (whole, before: string, name: string) => before + (this.#dashed(name) ?? whole))
      .replace(/`(\w+)`/g, (_, name: string) => this.#dashed(name) ?? name)
      .replace(/(?<![\w"-])[a-z]+[A-Z]\w*/g, (name) => this.#dashed(name) ?? name);
    return options.replace(/(^|; )--([a-z][a-z-]*)/g, (whole, before: string, option: string) => {
      const key = this.#keys.get(option);
      return key === undefined || this.#isOnTheLine(option) ? whole : `${before}${this.#file}: "${key}"`;
    });
  }

  #dashed(name: string): string | undefined {
    const own = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const option = [OTHER_NAMES[name], own].find((candidate) => candidate !== undefined && this.#known.has(candidate));
    return option && `--${option}`;
  }

  #isOnTheLine(option: string): boolean {
    return this.words.some(
      (word) => word === `--${option}` || word === `--no-${option}` || word.startsWith(`--${option}=`),
    );
  }
}
