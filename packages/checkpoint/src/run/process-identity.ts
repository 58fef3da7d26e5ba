import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Tells one process from every other, also from a later one that is given the same number. */
export interface ProcessIdentity {
  pid: number;
  host: string;
  /** Which start of the machine, where the system tells. */
  boot?: string;
  /** When the process started, in clock ticks since then, where the system tells. */
  started?: string;
}

export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, host: hostname(), boot: bootId(), started: startOf(process.pid) };
}

/** `unknown` for processes of another machine: nothing here can tell. */
export function isAlive({ pid, host, boot, started }: ProcessIdentity): boolean | 'unknown' {
  if (host !== hostname()) return 'unknown';
  if (boot !== undefined && boot !== bootId()) return false;
  if (!answers(pid)) return false;
  return started === undefined || started === startOf(pid);
}

/** Signal 0 only asks whether there is such a process; EPERM means yes, somebody else's. */
function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function bootId(): string | undefined {
  return readText('/proc/sys/kernel/random/boot_id')?.trim();
}

/** Field 22 of /proc/PID/stat; the name in field 2 may hold spaces and parentheses. */
function startOf(pid: number): string | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
