import type { Command } from '../command.js';

export const FORMATS = ['onnx', 'safetensors'] as const;
export type Format = (typeof FORMATS)[number];

export interface ExportOptions {
  model: string;
  out: string;
  format?: Format;
}

/** `rondo export`: a model → one file that other runtimes load. */
export const exportCommand: Command<ExportOptions> = {
  usage: 'export <model>',
  summary: 'Write a model as ONNX or safetensors, for other programs',
  examples: [
    ['$0 export run --format onnx --out model.onnx', 'for ONNX Runtime, with state inputs for stepping'],
    ['$0 export run --out weights.safetensors', 'weights alone; config and vocabulary in the header'],
  ],
  options: (yargs) =>
    yargs
      .positional('model', { type: 'string', demandOption: true, describe: 'Model bundle, or a run (its best)' })
      .option('out', { type: 'string', demandOption: true, requiresArg: true, describe: 'File to write' })
      .option('format', {
        choices: FORMATS,
        requiresArg: true,
        describe: 'Format of the file (default: as its name ends)',
      }) as never,
  action: () => import('../actions/export.js'),
};
