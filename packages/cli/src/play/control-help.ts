/** What can be changed while music is played. */
export const CONTROL_HELP =
  'temperature 1.2 · key D minor · chords Am F C G · density 8 · polyphony 3 · tempo 96 · key free · stop';
