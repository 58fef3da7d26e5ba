import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';

/** Lines of text to a file, in blocks. */
export class LineWriter {
  private readonly fd: number;
  private lines: string[] = [];

  constructor(path: string) {
    this.fd = openSync(path, 'w');
  }

  write(line: string): void {
    this.lines.push(line);
    if (this.lines.length >= 4096) this.flush();
  }

  finish(): void {
    this.flush();
    fsyncSync(this.fd);
    closeSync(this.fd);
  }

  abandon(): void {
    closeSync(this.fd);
  }

  private flush(): void {
    if (this.lines.length > 0) writeFully(this.fd, Buffer.from(`${this.lines.join('\n')}\n`));
    this.lines = [];
  }
}

function writeFully(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
}
