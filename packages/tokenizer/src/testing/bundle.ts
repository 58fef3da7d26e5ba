import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

const sources = join(import.meta.dirname, '..');

/**
 * Bundles sources (paths below `src`, by the name that the bundle gets) as programs for plain Node: threads and child
 * processes cannot load TypeScript. @returns a folder, for the caller to remove
 */
export async function bundle(entries: Readonly<Record<string, string>>): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'rondo-bundle-'));
  const input = Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(sources, path)]));
  await build({
    configFile: false,
    logLevel: 'error',
    build: { ssr: true, outDir, emptyOutDir: true, minify: false, target: 'node20', rollupOptions: { input } },
    ssr: { noExternal: true },
  });
  return outDir;
}
