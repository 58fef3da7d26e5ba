// npm test: sets up a fresh clone, builds what the tests need, runs every test and prints the sum.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root, setUp } from './lib/setup.mjs';
import { clearResults, sumResults } from './lib/test-summary.mjs';

setUp();
clearResults();
const nxBin = path.join(root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
const { status } = spawnSync(
  process.execPath,
  [nxBin, 'run-many', '-t', 'build', 'test-native', 'test', 'test-packages', '--parallel=2', '--outputStyle=stream'],
  { cwd: root, stdio: 'inherit', env: { ...process.env, NX_DAEMON: 'false' } },
);
const { passed, failed, skipped, files } = sumResults();
const failedRuns = status === 0 ? 0 : Math.max(1, failed);
process.stdout.write(`\n${files} test runs${skipped ? `; skipped tests need RONDO_CHECK_DATA or a device` : ''}\n`);
process.stdout.write(`${passed} passed, ${failedRuns} failed${skipped ? `, ${skipped} skipped` : ''}\n`);
process.exit(status ?? 1);
