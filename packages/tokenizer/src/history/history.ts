/** What of a piece has been read, token by token. */
export interface History {
  push(id: number): void;
  /** An independent copy. */
  clone(): History;
}

/** A whole number that the tokens read so far say of the token to come: what a network can be given beside the last id. */
export interface HistoryInput<Of extends History = History> {
  /** Of the network's input. */
  readonly name: string;
  /** Values are 0 … size − 1. */
  readonly size: number;
  /** @param history one that the same scheme opened */
  read(history: Of): number;
}

/** The inputs that a scheme knows, and the empty history of a piece that they are read from. */
export interface KnownHistory {
  readonly inputs: readonly HistoryInput[];
  open(): History;
}
