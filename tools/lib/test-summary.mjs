import fs from 'node:fs';
import path from 'node:path';
import { root } from './setup.mjs';

/** Result files that test targets leave behind: `{ numPassedTests, numFailedTests, numPendingTests }` each. */
function resultFiles() {
  const projects = fs.readdirSync(path.join(root, 'packages')).map((name) => path.join(root, 'packages', name));
  return [...projects, path.join(root, 'tools')]
    .map((project) => path.join(project, 'test-output'))
    .filter((folder) => fs.existsSync(folder))
    .flatMap((folder) => fs.readdirSync(folder).map((name) => path.join(folder, name)))
    .filter((file) => file.endsWith('.json'));
}

/** Sums the results of all test runners. */
export function sumResults() {
  const total = { passed: 0, failed: 0, skipped: 0, files: 0 };
  for (const file of resultFiles()) {
    const result = JSON.parse(fs.readFileSync(file, 'utf8'));
    if (typeof result.numPassedTests !== 'number') continue; // figures of a long check, not a test runner's sum
    total.passed += result.numPassedTests;
    total.failed += result.numFailedTests;
    total.skipped += (result.numPendingTests ?? 0) + (result.numTodoTests ?? 0);
    total.files += 1;
  }
  return total;
}

/** Results of an earlier run must not be counted for a project that did not run this time. */
export function clearResults() {
  for (const file of resultFiles()) fs.rmSync(file);
}
