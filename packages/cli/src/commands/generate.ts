import type { Command } from '../command.js';
import { withGenerateOptions, type GenerateCommandOptions } from '../generation/generate-options.js';

/** `rondo generate`: a model → new pieces as MIDI, pictures and sound. */
export const generateCommand: Command<GenerateCommandOptions> = {
  usage: 'generate <model>',
  summary: 'Compose with a model',
  examples: [
    ['$0 generate run --out new.mid --wav --png', 'a piece, its sound and its piano roll'],
    [
      '$0 generate run --out new.mid --count 5 --temperature 0.9 --top-p 0.95',
      'five variations: new-1.mid … new-5.mid',
    ],
    ['$0 generate run --out new.mid --bars 8 --key "D dorian" --tempo 96', 'eight bars in D dorian, to the bar line'],
    ['$0 generate run --out new.mid --chords "Am F C G" --bars 16 --density 6..12', 'over chords, ever denser'],
    ['$0 generate run --out four.mid --harmonise tune.mid', 'alto, tenor and bass under a melody'],
    ['$0 generate run --out band.mid --accompany song.mid --instruments drums', 'a drum pattern under given tracks'],
    ['$0 generate run --out song.mid --form "AABA" --section-bars 8', 'sections, the first one three times'],
    ['$0 generate run --out new.mid --infill song.mid --bars-from 5 --bars-to 6', 'two bars written anew'],
    ['$0 generate run --out more.mid --prime mine.mid --bars 16', 'go on from a piece of your own'],
  ],
  options: withGenerateOptions,
  action: () => import('../actions/generate.js'),
};
