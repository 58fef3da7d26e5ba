// tools/gpu-check.sh with a card and programs that are made up: what it runs, what it goes on after, what it writes.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const script = path.join(import.meta.dirname, 'gpu-check.sh');
let folder;

function program(name, text) {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `#!/bin/bash\n${text}\n`, { mode: 0o755 });
}

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rondo-gpu-check-'));
  program('bin/nvidia-smi', '[[ $* == *driver* ]] && echo 580.1 || echo "Made-up \\"GPU\\""');
  program('bin/compute-sanitizer', 'echo "ERROR SUMMARY: 0 errors"');
  program('bin/nsys', 'echo profiled');
  program('bin/python3', 'exit 1');
  program('programs/rondo_tests', 'echo "5 passed, 0 failed"; [ "$RONDO_CUDA_LSTM" != cluster ]');
  program(
    'programs/rondo_bench',
    `while [ $# -gt 0 ]; do [ "$1" = --json ] && file=$2; shift; done
case $RONDO_CUDA_LSTM-$RONDO_CUDA_GEMM in distributed-wgmma) ms=1.6 ;; *) ms=2.3 ;; esac
printf '{"cases": [\\n  {"name": "train-step/tutorial", "ms": %s, "medianMs": 2.5},\\n' $ms >"$file"
printf '  {"name": "train-step/tutorial-plain", "ms": 2.0, "medianMs": 2.5}\\n]}\\n' >>"$file"
echo measured`,
  );
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function gpuCheck(...options) {
  const { status, stdout, stderr } = spawnSync('bash', [script, '--out', path.join(folder, 'out'), ...options], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${path.join(folder, 'bin')}:${process.env.PATH}`, OUT: '' },
  });
  return { status, stdout, stderr };
}

const result = (name) => JSON.parse(fs.readFileSync(path.join(folder, 'out', `${name}.json`), 'utf8'));
const programs = () => ['--programs', path.join(folder, 'programs')];

it('goes on after a check that fails, and says in JSON what each part came to', () => {
  const { status, stdout } = gpuCheck(...programs(), '--skip', 'train');
  expect(status).toBe(1);
  expect(stdout).toContain('1 failed:\n  parity bf16, LSTM cluster (whole output: ');
  const { checks } = result('part-parity');
  expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['parity bf16, LSTM cluster']);
  expect(checks.length).toBeGreaterThan(5);
  expect(result('part-sanitize').checks.every(({ ok }) => ok)).toBe(true);
  expect(result('part-peers').notRun.map(({ name }) => name)).toEqual(['peers in torch', 'peers in jax']);
  const all = result('gpu-check');
  expect(all).toMatchObject({ driver: '580.1', results: { 'part-ways': {}, 'bench-bf16': {} } });
});

it('says which way is the fastest, what the masks cost, and what was not measured', () => {
  const { status, stdout } = gpuCheck(...programs(), '--only', 'bench', '--only', 'ways', '--quick');
  expect(status).toBe(0);
  expect(stdout).toMatch(/fastest way.* distributed-wgmma: 1\.6 ms/);
  expect(stdout).toMatch(/goal: 1\.7 ms a training step +held/);
  expect(stdout).toMatch(/cost of the masks .* 15\.0 %/);
  expect(stdout).toMatch(/best peer with recurrent dropout +not measured/);
});

it('reads the peers from what they have written', () => {
  const cases = [
    { name: 'torch/cudnn', recurrentDropout: false, ms: 3.2, medianMs: 3.3 },
    { name: 'torch/eager', recurrentDropout: true, ms: 80, medianMs: 81 },
    { name: 'torch/compile', recurrentDropout: true, error: 'RuntimeError: no' },
  ];
  fs.writeFileSync(
    path.join(folder, 'out', 'peers-torch.json'),
    JSON.stringify({ framework: 'torch', cases }, null, 2),
  );
  const { stdout } = gpuCheck(...programs(), '--only', 'peers');
  expect(stdout).toMatch(/best peer without recurrent dropout: torch\/cudnn +3\.2 ms, 2\.00 times ours/);
  expect(stdout).toMatch(/best peer with recurrent dropout: torch\/eager +80 ms, 50\.00 times ours/);
});

it('tells wrong usage from a machine without a card', () => {
  expect(gpuCheck('--only', 'nothing').status).toBe(2);
  expect(gpuCheck('--programs', path.join(folder, 'elsewhere')).status).toBe(2);
  program('bin/nvidia-smi', 'exit 9');
  expect(gpuCheck(...programs())).toMatchObject({ status: 3, stderr: expect.stringContaining('no GPU') });
  expect(gpuCheck('--dry-run').stdout).toContain('would run   parity fp32: ');
});
