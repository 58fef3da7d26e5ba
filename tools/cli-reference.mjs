// Writes docs/cli.md from the help texts; with --check it only says whether the page is up to date.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fail, root } from './lib/setup.mjs';

const page = path.join(root, 'docs', 'cli.md');

function help(...args) {
  const bin = path.join(root, 'packages', 'cli', 'bin', 'rondo.js');
  const env = { ...process.env, COLUMNS: '110', NO_COLOR: '1', LC_ALL: 'C' };
  return execFileSync(process.execPath, [bin, ...args, '--help'], { encoding: 'utf8', env }).trimEnd();
}

function commandNames(overview) {
  return [...overview.matchAll(/^ {2}rondo (\w[\w-]*)/gm)].map((match) => match[1]);
}

function reference() {
  const overview = help();
  const sections = commandNames(overview).map((name) => `## rondo ${name}\n\n\`\`\`text\n${help(name)}\n\`\`\`\n`);
  const rules = [
    'Results go to stdout, everything else to stderr; with `--json` stdout holds one JSON document and nothing else.',
    'Exit codes: 0 done, 1 failed (one line says why), 2 wrong usage, 130 interrupted after saving.',
    'Every option can also stand in a YAML or JSON file given with `--config`; the command line wins.',
  ];
  return `# The command line\n\nMade from the help texts by \`node tools/cli-reference.mjs\`.\n\n${rules.map((rule) => `- ${rule}`).join('\n')}\n\n\`\`\`text\n${overview}\n\`\`\`\n\n${sections.join('\n')}`;
}

const text = reference();
if (!process.argv.includes('--check')) fs.writeFileSync(page, text);
else if (!fs.existsSync(page) || fs.readFileSync(page, 'utf8') !== text)
  fail('docs/cli.md is not what the help texts say. Renew it with: node tools/cli-reference.mjs');
