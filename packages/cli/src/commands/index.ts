import type { Command } from '../command.js';
import { benchCommand } from './bench.js';
import { completionCommand } from './completion.js';
import { doctorCommand } from './doctor.js';
import { evaluateCommand } from './evaluate.js';
import { exportCommand } from './export.js';
import { generateCommand } from './generate.js';
import { importKerasCommand } from './import-keras.js';
import { inspectCommand } from './inspect.js';
import { playCommand } from './play.js';
import { predictCommand } from './predict.js';
import { prepareCommand } from './prepare.js';
import { tokensCommand } from './tokens.js';
import { trainCommand } from './train.js';
import { tuneCommand } from './tune.js';

/** All commands in the order in which the help lists them; each checks its own options. */
export const commands = [
  prepareCommand,
  trainCommand,
  tuneCommand,
  evaluateCommand,
  generateCommand,
  playCommand,
  predictCommand,
  tokensCommand,
  inspectCommand,
  importKerasCommand,
  exportCommand,
  benchCommand,
  doctorCommand,
  completionCommand,
] as Command<unknown>[];
