import type { Tokenizer } from '@rondo/tokenizer';
import { GeneratorError } from '../../errors.js';
import { spellable } from '../melody.js';
import { DRUMS, ensembleOf, groupName, type Instrument } from '../instruments.js';
import type { PathState } from '../path.js';
import { SatbLaw } from '../satb.js';
import { PitchLaw, type Wishes } from '../wishes.js';
import type { RemiPlan, Script } from './plan.js';
import { readScript } from './script.js';
import { RemiState } from './state.js';
import { RemiVocabulary } from './tokens.js';

/**
 * The state from which new music begins, after the tokens of `piece`.
 * @throws GeneratorError RONDO_GENERATOR_CONSTRAINT for what this vocabulary cannot spell
 */
export function openRemi(tokenizer: Tokenizer, wishes: Wishes, piece: ArrayLike<number>): PathState {
  const vocabulary = new RemiVocabulary(tokenizer);
  const firstBar = Array.from(piece).filter((id) => id === vocabulary.bar).length;
  const given = wishes.melody === undefined ? wishes.given : spellable(wishes.melody, tokenizer);
  const script = given === undefined ? undefined : readScript(given, tokenizer, vocabulary).script;
  const law = new PitchLaw(wishes);
  const satb = wishes.melody === undefined || script === undefined ? undefined : satbOf(script, law, vocabulary);
  const plan: RemiPlan = {
    vocabulary,
    wishes,
    law,
    ...ensemble(wishes, vocabulary, script),
    script,
    satb,
    voiceEnds: satb === undefined || script === undefined ? undefined : voiceEndsOf(script, satb, vocabulary),
    firstBar,
    lastBar: script === undefined ? wishes.bars && firstBar + wishes.bars - 1 : lastBarOf(script, satb, vocabulary),
    meter: meterOf(wishes, vocabulary),
    tempo: wishes.tempo === undefined ? -1 : vocabulary.nearestTempo(wishes.tempo),
  };
  const state = new RemiState(plan);
  for (const id of Array.from(piece)) state.push(id);
  return state;
}

/** Who may play, and who has to. */
function ensemble(
  { instruments, melody }: Wishes,
  vocabulary: RemiVocabulary,
  script?: Script,
): Pick<RemiPlan, 'groups' | 'players'> {
  if (melody !== undefined) return { groups: [script?.notes[0]?.group ?? 0], players: [] };
  if (instruments === undefined) return { groups: vocabulary.groups, players: [] };
  const known = ensembleOf(instruments, vocabulary.groups);
  const unknown = instruments.filter((one, i) => one.plays && known[i].length === 0);
  if (unknown.length > 0) throw cannot(unheardOf(unknown, vocabulary));
  if (known.flat().length === 0) throw cannot(unheardOf(instruments, vocabulary));
  return {
    groups: [...new Set(known.flat())].sort((a, b) => a - b),
    players: known.filter((_, i) => instruments[i].plays),
  };
}

function unheardOf(instruments: readonly Instrument[], { groups }: RemiVocabulary): string {
  const wanted = instruments.map(({ name, groups }) => (/^\d+$/.test(name) ? groupName(groups[0]) : name));
  return `this model has never heard ${wanted.join(', ')}; name other \`instruments\`: it knows ${groups.map(groupName).join(', ')}`;
}

function meterOf({ meter }: Wishes, vocabulary: RemiVocabulary): number {
  if (meter === undefined) return -1;
  if (!vocabulary.config.timeSignatures) {
    if (meter.numerator === 4 && meter.denominator === 4) return -1;
    throw cannot('the tokens of this model know no meters: all bars are 4/4');
  }
  const id = vocabulary.meterId(meter.numerator, meter.denominator);
  if (id >= 0) return id;
  const known = vocabulary.meters.map((one) => `${vocabulary.tokens[one].value}/${vocabulary.tokens[one].denominator}`);
  throw cannot(
    `this model has never seen the meter ${meter.numerator}/${meter.denominator}; it knows ${known.join(', ')}`,
  );
}

/** Three voices below the notes of a script, which are the melody. */
function satbOf(script: Script, law: PitchLaw, vocabulary: RemiVocabulary): SatbLaw {
  const { notes } = script;
  if (notes.length === 0 || notes[0].group === DRUMS) throw cannot('the melody has no note that this model can spell');
  const [{ at: start, group }] = notes;
  const line: number[] = [];
  for (const [i, note] of notes.entries()) {
    const until = notes[i + 1]?.at ?? note.at + note.length;
    for (let at = note.at; at < until; at++) line[at - start] = note.pitch;
  }
  const spelt = Uint8Array.from({ length: 128 }, (_, pitch) => (vocabulary.pitch(group, pitch) >= 0 ? 1 : 0));
  const bars = barsOf(script, vocabulary, start + line.length);
  const satb = new SatbLaw(start, line, (at) => {
    const [bar, offset, length] = bars(at);
    return law.at(bar, offset, length).map((allowed, pitch) => allowed & spelt[pitch]);
  });
  const at = satb.impossibleAt;
  if (at === undefined) return satb;
  const bar = bars(at)[0] + 1;
  throw cannot(
    `in bar ${bar} of the melody there is no room for three voices below it; transpose it up, or free the key or the chords`,
  );
}

/** A vocabulary may lack places late in long bars; a voice that ended there could not go on. */
function voiceEndsOf(script: Script, { end }: SatbLaw, vocabulary: RemiVocabulary): Uint8Array {
  const bars = barsOf(script, vocabulary, end);
  return Uint8Array.from({ length: end + 1 }, (_, at) => (at === end || vocabulary.position(bars(at)[1]) >= 0 ? 1 : 0));
}

/** The bar of the last onset; the voices under a melody sing on until its last note is over. */
function lastBarOf(script: Script, satb: SatbLaw | undefined, vocabulary: RemiVocabulary): number {
  return satb === undefined ? script.bars - 1 : barsOf(script, vocabulary, satb.end)(satb.end - 1)[0];
}

/** Bar, place in it and its length of each position up to `end`. */
function barsOf(script: Script, vocabulary: RemiVocabulary, end: number): (at: number) => [number, number, number] {
  const starts: { start: number; length: number }[] = [];
  let length = 4 * vocabulary.config.positionsPerQuarter;
  for (let [bar, start] = [0, 0]; start < end; bar++, start += length) {
    const meter = script.meters.get(bar);
    if (meter !== undefined) length = vocabulary.barLength(vocabulary.tokens[meter]);
    starts.push({ start, length });
  }
  return (at) => {
    const bar = starts.findLastIndex(({ start }) => start <= at);
    return [bar, at - starts[bar].start, starts[bar].length];
  };
}

function cannot(message: string): GeneratorError {
  return new GeneratorError('RONDO_GENERATOR_CONSTRAINT', `These wishes cannot be met: ${message}.`);
}
