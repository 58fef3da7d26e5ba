import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** One message that was sent to a port. */
export interface PortMessage {
  /** Milliseconds since some moment. */
  readonly at: number;
  readonly port: string;
  readonly bytes: readonly number[];
}

/** A library in the place of `@julusian/midi` for one process, with these outputs, that writes down what is sent to them. */
export interface MidiStandIn {
  /** Environment of the process. */
  readonly env: NodeJS.ProcessEnv;
  /** What was sent so far. */
  messages(): PortMessage[];
}

/** Hooks of module resolution put the file in place of the package, wherever it is imported. */
export function midiStandIn(folder: string, ports: readonly string[]): MidiStandIn {
  const [library, hooks, start, log] = ['library.cjs', 'hooks.mjs', 'start.mjs', 'sent.jsonl'].map((name) =>
    path.join(folder, name),
  ) as [string, string, string, string];
  fs.writeFileSync(library, librarySource(ports, log));
  fs.writeFileSync(
    hooks,
    `export const resolve = (name, context, next) =>
       name === '@julusian/midi' ? { url: ${JSON.stringify(pathToFileURL(library).href)}, shortCircuit: true } : next(name, context);\n`,
  );
  const url = JSON.stringify(pathToFileURL(hooks).href);
  fs.writeFileSync(start, `import { register } from 'node:module';\nregister(${url});\n`);
  const read = () => (fs.existsSync(log) ? fs.readFileSync(log, 'utf8').trim().split('\n') : []);
  return {
    env: { NODE_OPTIONS: `--import=${pathToFileURL(start).href}` },
    messages: () => read().map((line) => JSON.parse(line) as PortMessage),
  };
}

function librarySource(ports: readonly string[], log: string): string {
  return `const fs = require('node:fs');
const ports = ${JSON.stringify(ports)};
exports.Output = class {
  getPortCount() { return ports.length; }
  getPortName(port) { return ports[port]; }
  openPort(port) { this.port = ports[port]; }
  openVirtualPort(name) { this.port = 'virtual ' + name; }
  sendMessage(bytes) {
    if (this.port === undefined) throw new Error('no port is open');
    fs.appendFileSync(${JSON.stringify(log)}, JSON.stringify({ at: performance.now(), port: this.port, bytes }) + '\\n');
  }
  closePort() { this.port = undefined; }
};
`;
}
