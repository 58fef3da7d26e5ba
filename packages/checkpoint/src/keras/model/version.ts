/** Major and minor number of a version such as 2.2.4-tf, 2.3.1 or 3.15.1. */
function numbersOf(version: string | undefined): { major: number; minor: number } | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})/.exec(version ?? '');
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) };
}

/** True for the Keras inside of TensorFlow 2 (also `2.2.4-tf`), which became one with Keras itself at 2.4. */
function isTensorFlows(version: string, { major, minor }: { major: number; minor: number }): boolean {
  return version.endsWith('-tf') || (major === 2 && minor >= 4);
}

/** Recurrent dropout with a mask for each gate (Keras ≥ 3.8, tf.keras 2) or one for all (Keras 2.3, 3.0 – 3.7). */
export function recurrentMasks(version: string | undefined, implementation: unknown): 'perGate' | 'shared' {
  const numbers = numbersOf(version);
  if (version === undefined || numbers === undefined) return 'perGate';
  if (numbers.major >= 3) return numbers.major > 3 || numbers.minor >= 8 ? 'perGate' : 'shared';
  if (isTensorFlows(version, numbers)) return 'perGate';
  return implementation === 1 ? 'perGate' : 'shared';
}

/** The gates of a network whose file does not name them: plain Keras before 2.3 had hard-sigmoid ones. */
export function defaultGates(version: string | undefined): 'sigmoid' | 'hardSigmoid' {
  const numbers = numbersOf(version);
  if (version === undefined || numbers === undefined || isTensorFlows(version, numbers)) return 'sigmoid';
  return numbers.major < 2 || (numbers.major === 2 && numbers.minor < 3) ? 'hardSigmoid' : 'sigmoid';
}

/** Keras 3 gave the name hard_sigmoid to another function, clip(x/6 + 1/2). */
export function hasNewHardSigmoid(version: string | undefined): boolean {
  return (numbersOf(version)?.major ?? 0) >= 3;
}

/** Keras 3 adds ε inside of RMSprop's root. */
export function addsEpsilonOutside(version: string | undefined): boolean {
  return (numbersOf(version)?.major ?? 3) < 3;
}
