#!/usr/bin/env node
// Committed beside its sources: npm links a bin only when its file exists at install time.
let cli;
try {
  cli = await import('../dist/index.js');
} catch (error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  process.stderr.write(`rondo is not built yet. Build it with: npx nx run-many -t build\n(${error.message})\n`);
  process.exit(1);
}
await cli.main(process.argv.slice(2));
