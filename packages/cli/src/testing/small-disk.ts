import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** A small file system in memory stands for a disk that fails; only root may mount one. */
export const canMount = process.platform === 'linux' && process.getuid?.() === 0;

/** A file system of its own below a folder. */
export class SmallDisk {
  constructor(
    readonly folder: string,
    size: string,
  ) {
    fs.mkdirSync(folder, { recursive: true });
    command('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
  }

  /** Writes until nothing more fits. */
  fillUp(): void {
    const handle = fs.openSync(this.#ballast, 'w');
    try {
      for (;;) fs.writeSync(handle, Buffer.alloc(4096));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      fs.closeSync(handle);
    }
  }

  makeRoom(): void {
    fs.rmSync(this.#ballast);
  }

  /** Takes the right to write away; waits for a moment at which no file is open for writing. */
  lock(): void {
    for (const until = Date.now() + 5000; ; ) {
      const { status } = spawnSync('mount', ['-o', 'remount,ro', this.folder]);
      if (status === 0) return;
      if (Date.now() > until) throw new Error(`${this.folder} is never at rest`);
    }
  }

  unlock(): void {
    command('mount', ['-o', 'remount,rw', this.folder]);
  }

  remove(): void {
    spawnSync('umount', [this.folder]);
  }

  get #ballast(): string {
    return path.join(this.folder, 'ballast');
  }
}

function command(name: string, args: string[]): void {
  const { status, stderr } = spawnSync(name, args);
  if (status !== 0) throw new Error(`${name} ${args.join(' ')}: ${stderr.toString()}`);
}
