interface Memory {
  readonly buffer: ArrayBuffer;
  /** @returns the pages before */
  grow(pages: number): number;
}

/** The types of Node do not know of WebAssembly. */
const { prototype } = (globalThis as unknown as { WebAssembly: { Memory: { prototype: Memory } } }).WebAssembly.Memory;

const PAGE_BYTES = 65_536;
let most = Number.POSITIVE_INFINITY;

/**
 * From now on no WebAssembly memory of this thread grows beyond `bytes`: whoever asks for more is told that there is none.
 * For a thread of its own: a damaged file can name any size, and the library asks for it.
 */
export function limitMemory(bytes: number): void {
  if (most === Number.POSITIVE_INFINITY) guardGrowth();
  most = bytes;
}

function guardGrowth(): void {
  const { grow } = prototype;
  prototype.grow = function (pages: number): number {
    const wanted = this.buffer.byteLength + pages * PAGE_BYTES;
    if (wanted > most) throw new RangeError(`${wanted} bytes are more than the ${most} that are given`);
    return grow.call(this, pages);
  };
}
