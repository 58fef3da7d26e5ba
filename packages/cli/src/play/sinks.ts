import fs from 'node:fs';
import { CommandError } from '../terminal/exit-codes.js';

/** Where raw MIDI messages go. */
export interface MidiSink {
  send(bytes: Uint8Array): void;
  close(): Promise<void>;
}

/** A device file such as /dev/snd/midiC1D0, a named pipe, or any file: the bytes of the messages, one after another. */
export function openRawSink(file: string): MidiSink {
  let descriptor: number;
  try {
    descriptor = fs.openSync(file, 'w');
  } catch (error) {
    throw new CommandError(`${file} cannot be opened for MIDI (${(error as NodeJS.ErrnoException).code ?? 'error'}); on Linux "ls /dev/snd/midi*" lists devices`); // prettier-ignore
  }
  return {
    send: (bytes) => void fs.writeSync(descriptor, bytes),
    close: () => {
      fs.closeSync(descriptor);
      return Promise.resolve();
    },
  };
}

/** The part of `@julusian/midi` that is used. */
interface MidiLibrary {
  Output: new () => {
    getPortCount(): number;
    getPortName(port: number): string;
    openPort(port: number): void;
    openVirtualPort(name: string): void;
    sendMessage(message: number[]): void;
    closePort(): void;
  };
}

const LIBRARY = '@julusian/midi';

async function loadLibrary(): Promise<MidiLibrary> {
  try {
    const module = (await import(LIBRARY)) as MidiLibrary & { default?: MidiLibrary };
    return module.default ?? module;
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND' ? 'is not installed' : 'does not load';
    throw new CommandError(`MIDI ports need the package ${LIBRARY}, which ${why}: "npm install ${LIBRARY}", or use --raw with a device file or pipe, or --out`); // prettier-ignore
  }
}

/** Names of the system's MIDI outputs. */
export async function listPorts(): Promise<string[]> {
  const output = openOutput(await loadLibrary());
  return Array.from({ length: output.getPortCount() }, (_, port) => output.getPortName(port));
}

/** The first output whose name holds `name`, by number, or (`virtual`) a new one that other programs can listen to. */
export async function openPortSink(name: string): Promise<MidiSink> {
  const output = openOutput(await loadLibrary());
  if (name === 'virtual') output.openVirtualPort('Rondo');
  else {
    const ports = Array.from({ length: output.getPortCount() }, (_, port) => output.getPortName(port));
    const byName = ports.findIndex((port) => port.toLowerCase().includes(name.toLowerCase()));
    const port = /^\d+$/.test(name) ? Number(name) : byName;
    if (port < 0 || port >= ports.length) {
      throw new CommandError(
        `no MIDI port "${name}"; there ${ports.length === 0 ? 'is none' : `are ${ports.join(', ')}`}`,
      );
    }
    output.openPort(port);
  }
  return {
    send: (bytes) => output.sendMessage([...bytes]),
    close: () => {
      output.closePort();
      return Promise.resolve();
    },
  };
}

function openOutput(library: MidiLibrary): InstanceType<MidiLibrary['Output']> {
  try {
    return new library.Output();
  } catch (error) {
    throw new CommandError(`this system has no MIDI (${(error as Error).message.split('\n')[0]}); use --raw or --out`);
  }
}
