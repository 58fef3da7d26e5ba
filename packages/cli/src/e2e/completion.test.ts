import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { completionScript, SHELLS, type Shell } from '../completion/scripts.js';
import { temporaryFolder } from '../testing/run-rondo.js';

const folder = temporaryFolder();
const bin = path.resolve(import.meta.dirname, '../../bin/rondo.js');

/**
 * Each program prints what the script offers for the words of a line. In bash and zsh the shell's own part (`compdef`,
 * `_describe`, `_files`) is stood in for, so that no terminal is needed.
 */
const PROGRAMS: Record<Shell, string> = {
  bash: `source "$SCRIPT"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _rondo_completions; printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: `compdef() { }; _describe() { print -l -- "\${(@P)2}" }; _files() { print FILES }
    source "$SCRIPT"; words=("$@"); CURRENT=$#; _rondo_completions`,
  fish: 'source "$SCRIPT"; complete -C (string join " " -- $argv)',
};

/** What a shell offers after these words, whatever shell the user logs in with. */
function offers(shell: Shell, login: string, ...words: string[]): string[] {
  const script = path.join(folder, shell);
  const quiet = { bash: ['--norc'], zsh: ['-f'], fish: ['--no-config'] }[shell];
  const own = shell === 'fish' ? [] : [shell]; // $0 of bash and zsh
  const env = { ...process.env, SCRIPT: script, SHELL: login, PATH: `${folder}${path.delimiter}${process.env.PATH}` };
  const args = [...quiet, '-c', PROGRAMS[shell], ...own, 'rondo', ...words];
  return execFileSync(shell, args, { encoding: 'utf8', cwd: folder, env }).trim().split('\n');
}

beforeAll(() => {
  fs.writeFileSync(path.join(folder, 'rondo'), `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`, {
    mode: 0o755,
  });
  for (const shell of SHELLS) fs.writeFileSync(path.join(folder, shell), completionScript(shell));
});

describe.each(SHELLS)('completion in %s', (shell) => {
  const isHere = spawnSync(shell, ['--version']).status === 0;
  const names = (lines: string[]) => lines.map((line) => line.split(/[:\t]/)[0]);

  it.skipIf(!isHere)('offers commands, options and values (skipped where the shell is not installed)', () => {
    for (const login of ['/bin/bash', '/bin/zsh']) {
      expect(names(offers(shell, login, 'e'))).toEqual(expect.arrayContaining(['evaluate', 'export']));
      const presets = offers(shell, login, 'train', '--preset', 'tuto').filter((name) => name.startsWith('tuto'));
      expect(presets).toEqual(['tutorial', 'tutorial-fig6', 'tutorial-fig7']);
    }
    expect(names(offers(shell, '/bin/zsh', 'train', '--pre'))).toEqual(expect.arrayContaining(['--preset']));
  });

  it.skipIf(!isHere || shell === 'bash')(
    'says what they do (zsh and fish; skipped where they are not installed)',
    () => {
      expect(offers(shell, '/bin/bash', 'e').join('\n')).toMatch(/export[:\t]Write a model as ONNX/);
    },
  );

  it.skipIf(!isHere || shell !== 'bash')('inserts nothing but names in bash', () => {
    expect(offers(shell, '/bin/zsh', 'exp')).toEqual(['export']);
  });
});
