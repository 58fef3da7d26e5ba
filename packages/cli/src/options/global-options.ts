import type { Argv } from 'yargs';

/** Options that every command takes. */
export interface GlobalOptions {
  json: boolean;
  quiet: boolean;
  verbose: boolean;
  config?: string;
}

export const configDescription = 'YAML or JSON file with options of this command';

export function withGlobalOptions<T>(yargs: Argv<T>): Argv<T & GlobalOptions> {
  return yargs
    .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document to stdout' })
    .option('quiet', { type: 'boolean', default: false, describe: 'No progress and no remarks' })
    .option('verbose', { type: 'boolean', default: false, describe: 'Show the stack of an error' })
    .option('config', { type: 'string', requiresArg: true, describe: configDescription })
    .group(['json', 'quiet', 'verbose', 'config', 'help', 'version'], 'Everywhere:') as Argv<T & GlobalOptions>;
}
