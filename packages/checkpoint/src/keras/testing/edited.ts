import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import fs from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../../testing/temporary.js';
import { fixture } from './fixtures.js';

interface Layer {
  class_name: string;
  config: Record<string, unknown>;
}

/** The description of a Sequential model, to be changed in place. */
export interface Description {
  class_name: string;
  config: { layers: Layer[] };
}

/** The small tutorial network with a changed description, as a file. */
export async function editedKeras(edit: (description: Description) => void, version = '3.15.1'): Promise<string> {
  const parts = unzipSync(fs.readFileSync(fixture('tutorial-net.keras')));
  const description = JSON.parse(strFromU8(parts['config.json'])) as Description;
  edit(description);
  parts['config.json'] = strToU8(JSON.stringify(description));
  parts['metadata.json'] = strToU8(JSON.stringify({ keras_version: version }));
  return writeFile('edited.keras', zipSync(parts));
}

/** A file in a folder that is gone after the test. */
export async function writeFile(name: string, content: Uint8Array | string): Promise<string> {
  const file = path.join(await temporaryFolder(), name);
  fs.writeFileSync(file, content);
  return file;
}
