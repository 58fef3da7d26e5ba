import readline from 'node:readline';
import { CONTROL_HELP } from './control-help.js';
import { type LiveMusic, type LiveSettings, parseCurve } from '@rondo/generator';
import { errorLine } from '../terminal/report-error.js';

const NUMBERS = ['topK', 'topP', 'minP', 'repetitionPenalty', 'polyphony', 'tempo'] as const;
const CURVES = ['temperature', 'density'] as const;
const TEXTS = ['key', 'chords', 'range', 'instruments', 'meter'] as const;

/** The settings of one line such as `key D minor`; `free` takes a wish back. @throws Error for what is no setting */
function parseControl(line: string): LiveSettings {
  const [, word = '', value = ''] = /^\s*(\S+)\s*(.*?)\s*$/.exec(line) ?? [];
  const name = word.toLowerCase().replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const free = value === '' || value === 'free';
  for (const known of NUMBERS) if (known === name) return { [known]: free ? undefined : Number(value) };
  for (const known of CURVES) if (known === name) return { [known]: free ? undefined : parseCurve(known, value) };
  for (const known of TEXTS) if (known === name) return { [known]: free ? undefined : value };
  throw new Error(`"${word}" is no setting; try ${CONTROL_HELP}`);
}

/** Changes music by lines of text while it plays; `stop` ends it. Returns what stops listening. */
export function listen(input: NodeJS.ReadableStream, music: LiveMusic, note: (line: string) => void): () => void {
  const lines = readline.createInterface({ input });
  lines.on('line', (line) => {
    if (line.trim() === '') return;
    if (/^(stop|quit|exit)$/i.test(line.trim())) return music.stop();
    try {
      music.change(parseControl(line));
      note(`changed  ${line.trim()}`);
    } catch (error) {
      note(`refused  ${errorLine(error)}`);
    }
  });
  return () => lines.close();
}
