/** What can be changed while music is played. */
export const CONTROL_HELP =
  'temperature 1.2 · key D minor · chords Am F C G · range C3..C6 · density 8 · polyphony 3 · instruments piano · meter 3/4 · tempo 96 · top-k 20 · top-p 0.95 · min-p 0.02 · repetition-penalty 1.2 · key free · stop';
