/**
 * Names of small whole numbers (0, 1, …), each made once: a piece has millions of tokens and a few hundred names, and a
 * text that was made before has its hash already.
 */
export function namesOf(make: (value: number) => string): (value: number) => string {
  const made: (string | undefined)[] = [];
  return (value) => (made[value] ??= make(value));
}
