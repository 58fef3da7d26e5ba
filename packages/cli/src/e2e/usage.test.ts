import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../commands/index.js';
import { writePieceFiles } from '../testing/pieces.js';
import { rondo, rondoJson, rondoProgram, temporaryFolder } from '../testing/run-rondo.js';

const folder = temporaryFolder();
const [piece] = writePieceFiles(path.join(folder, 'midi'), 1);

describe('the command line', () => {
  it.each(commands.map((command) => [command.usage.split(' ')[0], command] as const))(
    'has examples of "%s", and they name it',
    (name, { examples, summary }) => {
      expect(summary).toMatch(/^[A-Z]/);
      expect(examples.length).toBeGreaterThan(0);
      expect(examples.every(([line]) => line.startsWith('$0 '))).toBe(true);
      expect(examples.some(([line]) => line.startsWith(`$0 ${name}`))).toBe(true);
    },
  );

  it('shows the examples in the help of a command', async () => {
    const { code, stdout } = await rondo(['export', '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Examples:\n {2}rondo export run/);
  });

  it.skipIf(!fs.existsSync('/dev/full'))('fails where its help cannot be written', async () => {
    for (const words of [['--help'], ['export', '--help'], ['--version']]) {
      const full = fs.openSync('/dev/full', 'w');
      const { status, stderr } = spawnSync(process.execPath, [rondoProgram, ...words], { stdio: ['ignore', full, 'pipe'] });
      fs.closeSync(full);
      expect(status).toBe(1);
      expect(stderr.toString()).toMatch(/^rondo: no space left on the device.*\n$/);
    }
  }); // prettier-ignore

  it('completes commands, options and values', async () => {
    const ask = async (...words: string[]) =>
      (await rondo(['--get-yargs-completions', 'rondo', ...words])).stdout.trim().split('\n');
    expect(await ask('e')).toEqual(expect.arrayContaining(['evaluate', 'export']));
    expect(await ask('train', '--p')).toEqual(expect.arrayContaining(['--preset', '--patience']));
    expect(await ask('train', '--preset', '')).toEqual(expect.arrayContaining(['tutorial', 'small']));
  });

  it('speaks one language, whatever the system speaks', async () => {
    const { code, stderr } = await rondo(['tokens'], { env: { LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8' } });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^rondo: This command takes more: 0 were given, at least 1 are needed/);
  });

  it('gives each shell its script', async () => {
    const { stdout } = await rondo(['completion'], { env: { SHELL: '/usr/bin/fish' } });
    expect(stdout).toContain('complete -c rondo');
    expect(await rondo(['completion'], { env: { SHELL: '/bin/tcsh' } })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('bash, zsh, fish'),
    });
  });

  it.each([
    [['compose'], 'compose'],
    [[], 'Name a command'],
    [['tokens', 'x.mid', '--schema', 'chord'], 'schema'],
    [['tokens', 'x.mid', '--scheme', 'abc'], 'abc'],
    [['tokens', 'x.mid', '--voicing'], '--voicing is no option of the scheme remi'],
    [['prepare', 'x', '--out', 'y', '--transpose', '6..-5'], '--transpose'],
    [['train', 'x'], 'Missing: --out'],
    [['train', 'x', '--out'], 'Without a value: --out'],
    [['import-keras', 'x'], 'Missing: --notes, --out'],
    [['train', 'x', '--out', 'y', '--threads', '0'], '--threads'],
    [
      ['train', 'x', '--out', 'y', '--label-smoothing', '1'],
      '--label-smoothing takes a number from 0 to below 1, not 1',
    ],
    [['generate', 'x', '--out', ''], '--out is empty'],
    [['train', 'x', '--out', 'y', '--lr', 'high'], '--lr takes a number'],
    [['train', 'x', '--out', './x'], '--out must be another folder than the dataset'],
    [['train', 'x', '--out', 'y', '--resume', '--overwrite'], 'give either --resume or --overwrite'],
    [['tokens'], 'at least 1 are needed'],
    [['generate', 'x', '--out', 'y.wav'], 'MIDI file'],
    [['generate', 'x', '--out', '.'], 'not a folder'],
    [
      ['generate', 'x', '--out', 'y', '--argmax', '--top-k', '3'],
      '--argmax and --top-k exclude each other; give one of them',
    ],
    [['generate', 'x', '--out', 'y', '--length', '5', '--min-length', '6'], '--min-length'],
    [
      ['generate', 'x', '--out', 'y', '--length', '1e12'],
      '--length takes a whole number from 1 to 10000000, not 1000000000000',
    ],
    [['generate', 'x', '--out', 'y', '--seconds', 'NaN'], '--seconds takes a number; what was given is none'],
    [['prepare', 'x', '--out', 'y', '--transpose', '-200..200'], 'semitones'],
    [['tokens', 'x.mid', '--resolution', '0'], '--resolution'],
    [['prepare', 'x', '--out', 'y', '--condition-dropout', '0.2'], '--condition-dropout needs --condition'],
    [['evaluate', 'x', 'y.mid', '--split', 'valid'], '--split chooses a part of a dataset'],
  ])('ends with 2 and one line for wrong usage: %j', async (args, named) => {
    const { code, stdout, stderr } = await rondo(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(named);
  });

  it('takes options from a file, lets the command line win, and names an unknown key', async () => {
    const config = path.join(folder, 'options.yaml');
    fs.writeFileSync(config, 'scheme: chord\nvoicing: true\n');
    const { scheme } = await rondoJson<{ scheme: { name: string; voicing: boolean } }>([
      'tokens',
      piece,
      '--config',
      config,
    ]);
    expect(scheme).toMatchObject({ name: 'chord', voicing: true });
    const won = await rondoJson<{ scheme: { voicing: boolean } }>([
      'tokens',
      piece,
      '--config',
      config,
      '--no-voicing',
      '--durations',
    ]);
    expect(won.scheme).toMatchObject({ voicing: false, durations: true });
    fs.writeFileSync(config, 'shceme: chord\n');
    const { code, stderr } = await rondo(['tokens', piece, '--config', config]);
    expect(code).toBe(2);
    expect(stderr).toContain('"shceme"');
  });

  it('checks the values of a file of options', async () => {
    const config = path.join(folder, 'values.yaml');
    fs.writeFileSync(config, 'split: [80, 10, 10]\n');
    const list = await rondo(['prepare', piece, '--out', path.join(folder, 'x'), '--config', config]);
    expect(list).toMatchObject({ code: 2, stderr: expect.stringContaining('"split" takes text, not [80,10,10]') });
    fs.writeFileSync(config, 'scheme: abc\n');
    const choice = await rondo(['prepare', piece, '--out', path.join(folder, 'x'), '--config', config]);
    expect(choice).toMatchObject({ code: 2, stderr: expect.stringContaining('"scheme" takes one of remi, chord') });
    fs.writeFileSync(config, 'maxSteps: many\n');
    const kind = await rondo(['train', folder, '--out', path.join(folder, 'x'), '--config', config]);
    expect(kind).toMatchObject({ code: 2, stderr: expect.stringContaining('"maxSteps" takes a number') });
  });

  it('names an option as it was given: on the command line, or in a file', async () => {
    const data = path.join(folder, 'data');
    await rondoJson(['prepare', piece, '--out', data, '--split', '100/0/0']);
    const train = (...more: string[]) => rondo(['train', data, '--out', path.join(folder, 'x'), ...more]);
    expect((await train('--lr', '0')).stderr).toBe('rondo: --lr: expected a number above 0 and up to 10, received 0\n');
    const config = path.join(folder, 'names.yaml');
    fs.writeFileSync(config, 'maxSteps: 0\nthreads: 0\n');
    const { code, stderr } = await train('--config', config, '--threads', '1');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `rondo: ${config}: "maxSteps": expected a whole number from 1 up, received 0\n`,
    });
    expect((await train('--config', config)).stderr).toContain('names.yaml: "threads" takes a whole number');
  });

  it('takes what stands after "--" as an argument', async () => {
    fs.copyFileSync(piece, path.join(folder, '-x.mid'));
    expect(await rondo(['tokens', '--scheme', 'chord', '--', '-x.mid'], { cwd: folder })).toMatchObject({ code: 0 });
  });

  it('gives a terminal nothing to obey that stands in a file or in its name', async () => {
    const file = path.join(folder, 'a\n\u001b[2Jb.json');
    fs.writeFileSync(file, '\u001b]0;title\u0007');
    for (const args of [
      ['tokens', file],
      ['tokens', `${file}x`],
      ['predict', folder, '--ids', file],
    ]) {
      const { code, stderr } = await rondo(args);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^rondo: [^\p{Cc}]+\n$/u);
    }
  });

  it('shows a stack with --verbose alone', async () => {
    const missing = path.join(folder, 'missing.mid');
    const plain = await rondo(['tokens', missing]);
    expect(plain).toMatchObject({ code: 1, stderr: `rondo: ${missing}: no such file or folder\n` });
    expect((await rondo(['tokens', missing, '--verbose'])).stderr).toMatch(/\n {4}at /);
  });

  it('shows the tokens of a file', async () => {
    const { tokens } = await rondoJson<{ tokens: string[] }>(['tokens', piece, '--scheme', 'chord']);
    expect(tokens[0]).toMatch(/^\d+(\.\d+)*$|^[A-G][#-]?\d$/);
    const { stdout } = await rondo(['tokens', piece]);
    expect(stdout).toMatch(/^(TimeSig|Tempo|Bar)/);
  });

  it('inspects a file: table, key, pictures', async () => {
    const csv = path.join(folder, 'notes.csv');
    const plots = path.join(folder, 'plots');
    const { files } = await rondoJson<{
      files: { key: { name: string }; notes: { pitch: number; start: number }[] }[];
    }>([
      'inspect',
      piece,
      '--csv',
      csv,
      '--plots',
      plots, // prettier-ignore
    ]);
    expect(files[0].key.name).toBe('F# major');
    expect(files[0].notes).toHaveLength(40);
    expect(fs.readFileSync(csv, 'utf8')).toMatch(/^pitch,start,end,step,duration,velocity,instrument/);
    const kinds = ['roll', 'pitches', 'steps', 'durations', 'velocities'];
    expect(fs.readdirSync(plots).sort()).toEqual(
      kinds.flatMap((kind) => [`piece-0-${kind}.png`, `piece-0-${kind}.svg`]).sort(),
    );
  });

  it('finds the engine', async () => {
    const diagnosis = await rondoJson(['doctor']);
    expect(diagnosis).toMatchObject({ ok: true, node: process.version, addon: { cudaBuilt: expect.any(Boolean) } });
    expect((diagnosis.devices as { kind: string }[])[0].kind).toBe('cpu');
  });
});
