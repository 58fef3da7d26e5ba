import path from 'node:path';
import vm from 'node:vm';
import { build } from 'vite';
import { describe, expect, it } from 'vitest';
import { pianoRollSvg } from './index.js';
import { twoHands } from './testing/scores.js';

/** The main entry with all it imports, as one script for a browser. */
async function bundle(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: ['@rondo/source', 'module', 'browser'] },
    build: {
      write: false,
      minify: false,
      lib: { entry: path.join(import.meta.dirname, 'index.ts'), formats: ['iife'], name: 'render' },
    },
  });
  const [{ output }] = [result].flat() as { output: { code?: string }[] }[];
  return output[0].code ?? '';
}

describe('the main entry', () => {
  it('runs where there is nothing of Node, with the same result', async () => {
    const code = await bundle();
    expect(code).not.toMatch(/require\(|from ['"]node:|__vite-browser-external/);
    // A bare JavaScript realm with the few web globals that every browser has; no process, no Buffer, no document.
    const realm = vm.createContext({ TextEncoder, TextDecoder, URL, performance, console });
    const drawn = vm.runInContext(
      `${code}; [render.pianoRollSvg(${JSON.stringify(twoHands(2))}), render.histogramSvg([1, 2, 2])]`,
      realm,
    );
    expect(drawn[0]).toBe(pianoRollSvg(twoHands(2)));
    expect(drawn[1]).toContain('3 values');
  });
});
