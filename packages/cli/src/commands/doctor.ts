import type { Command } from '../command.js';

/** `rondo doctor`: what this machine offers, and the remedy for what is missing. */
export const doctorCommand: Command<unknown> = {
  usage: 'doctor',
  summary: 'Check the installation: engine, devices, tool chain',
  examples: [['$0 doctor', 'say what works here and how to mend what does not']],
  options: (yargs) => yargs,
  action: () => import('../actions/doctor.js'),
};
