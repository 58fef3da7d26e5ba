import type { Argv } from 'yargs';

/** The options of `rondo generate` that say what the music has to obey. */
export interface SteeringCommandOptions {
  key?: string;
  chords?: string;
  range?: string;
  polyphony?: number;
  density?: string;
  instruments?: string;
  meter?: string;
  tempo?: number;
  harmonise?: string;
  accompany?: string;
  ending?: 'proper' | 'cut';
  form?: string;
  sectionBars: number;
  infill?: string;
  barsFrom?: number;
  barsTo?: number;
  candidates?: number;
}

/** What the music has to obey. */
export function steeringOptions(yargs: Argv): Argv {
  const text = (describe: string) => ({ type: 'string', requiresArg: true, describe }) as const;
  const number = (describe: string) => ({ type: 'number', requiresArg: true, describe }) as const;
  return yargs
    .option('key', text('Key or scale: "D dorian", "C major", Am'))
    .option('chords', text('Chords by bar: "Am F C G", "Am F | C | G", with --key also "I V7/V V7"'))
    .option('range', text('Lowest and highest pitch: C3..C6 or 48..84'))
    .option('polyphony', number('At most so many notes at once'))
    .option('density', text('Notes a bar, give or take a quarter: 8, over the piece 4..12'))
    .option(
      'instruments',
      text('Only these, and all of them: "violin, cello, drums?" (? may play), a family, a number'),
    )
    .option('meter', text('Meter: 3/4'))
    .option('tempo', number('Quarters a minute'))
    .option('harmonise', text('MIDI file with a melody that gets alto, tenor and bass'))
    .option('accompany', text('MIDI file that --instruments play along with'))
    .option('form', text("Sections: AABA; A again is exact, A' half new; --prime begins the first"))
    .option('section-bars', { ...number('Bars of a section of --form'), default: 8 })
    .option('infill', text('MIDI file of which the bars --bars-from to --bars-to are written anew'))
    .option('bars-from', number('First of these bars, from 1'))
    .option('bars-to', number('Last of these bars'))
    .option('candidates', number('Fillings that are tried; the one that what follows fits best is kept (default 8)'))
    .option('ending', {
      choices: ['proper', 'cut'] as const,
      describe: '--bars and --seconds exactly, with an end on a bar line, or cut off there (default: proper)',
    })
    .implies('infill', ['bars-from', 'bars-to'])
    .conflicts('infill', ['form', 'prime', 'prime-ids', 'condition', 'bars', 'seconds'])
    .group(
      [
        'key',
        'chords',
        'range',
        'polyphony',
        'density',
        'instruments',
        'meter',
        'tempo',
        'harmonise',
        'accompany',
        'infill',
        'bars-from',
        'bars-to',
        'candidates',
        'form',
        'section-bars',
        'ending',
      ],
      'The music obeys:',
    );
}
