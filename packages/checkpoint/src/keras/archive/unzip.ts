import { unzipSync } from 'fflate';
import { formatError, KerasError } from '../errors.js';
import { LIMITS } from '../limits.js';

export const PARTS = { metadata: 'metadata.json', config: 'config.json', weights: 'model.weights.h5' } as const;

const NAMES = new Set<string>(Object.values(PARTS));

export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/**
 * The parts of a `.keras` archive by name; nothing else in it is unpacked.
 * @throws KerasError `RONDO_KERAS_FORMAT`, `RONDO_KERAS_LIMIT`
 */
export function unzipModel(bytes: Uint8Array, label: string): Map<string, Uint8Array> {
  const declared = new Map<string, number>();
  let total = 0;
  const wanted = ({ name, originalSize }: { name: string; originalSize: number }): boolean => {
    if (!NAMES.has(name)) return false;
    if (declared.has(name)) throw formatError(label, `its archive holds ${name} twice`);
    declared.set(name, originalSize);
    total += originalSize;
    if (total <= LIMITS.modelBytes) return true;
    const message = `${label} unpacks to more than ${LIMITS.modelBytes} bytes, which is the most that is read.`;
    throw new KerasError('RONDO_KERAS_LIMIT', message);
  };
  const parts = new Map(Object.entries(unpack(bytes, wanted, label)));
  for (const [name, size] of declared)
    if (parts.get(name)?.length !== size) throw formatError(label, `its archive is damaged at ${name}`);
  for (const name of [PARTS.config, PARTS.weights])
    if (!parts.has(name)) throw formatError(label, `its archive holds no ${name}`);
  return parts;
}

function unpack(bytes: Uint8Array, filter: (file: { name: string; originalSize: number }) => boolean, label: string) {
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    if (error instanceof KerasError) throw error;
    throw formatError(label, `its archive is damaged (${(error as Error).message})`, error);
  }
}
