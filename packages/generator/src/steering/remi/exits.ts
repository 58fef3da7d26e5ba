import { longestEnd, mayPlay, mayStop, missingNotes, nextVoiceEnd, requiredMeter, requiredTempo } from './rules.js';
import { overdue, wantedGroups } from './ensemble.js';
import type { RemiState } from './state.js';

/**
 * The shortest way to a whole piece: what is forced, then the instruments that have to play and as many short notes as the
 * bar still needs, then the next bar; in the last one a note that ends on its bar line.
 */
export function* exits(state: RemiState): Generator<number> {
  const { vocabulary } = state.plan;
  switch (state.phase) {
    case 'start':
      yield vocabulary.bar;
      return;
    case 'bar':
      yield* meters(state);
      break;
    case 'position':
      yield* tempos(state);
      break;
    case 'program':
      yield* pitches(state);
      return;
    case 'pitch':
    case 'velocity':
      yield* restOfNote(state);
      return;
  }
  if (state.mayEnd) yield vocabulary.eos;
  yield* moves(state);
}

function* meters(state: RemiState): Generator<number> {
  const required = requiredMeter(state);
  const { vocabulary } = state.plan;
  if (required >= 0) yield required;
  // The piece's first bar has to name one; what reads as common time comes first.
  else if (state.meter < 0) yield* [vocabulary.meterId(4, 4), ...vocabulary.meters].filter((id) => id >= 0);
}

function* tempos(state: RemiState): Generator<number> {
  const required = requiredTempo(state);
  if (required >= 0) yield required;
  else if (state.tempo < 0) yield* state.plan.vocabulary.tempos;
}

function* moves(state: RemiState): Generator<number> {
  const { vocabulary } = state.plan;
  const wanted = wantedGroups(state);
  // In the last bar a note comes also where all is said: no piece ends with the bar line alone.
  const anybody = missingNotes(state) > 0 || state.bar === state.lastBar;
  if (state.offset >= 0) {
    yield* note(state, wanted);
    if (state.due !== undefined || state.freeVoice >= 0) {
      yield* dueNote(state);
      return;
    }
    if (anybody || state.phase === 'position') yield* note(state);
  }
  yield* laterNote(state, wanted);
  if (anybody) yield* laterNote(state, state.plan.groups);
  const barEnd = state.barStart + state.barLength;
  const forced = Math.min(state.upcoming?.at ?? Infinity, nextVoiceEnd(state));
  if (forced < barEnd) yield vocabulary.position(forced - state.barStart);
  yield* scriptTempo(state);
  yield vocabulary.bar;
  // The very first position names the tempo, whatever follows.
  if (vocabulary.config.tempo && state.tempo < 0) yield vocabulary.position(0);
}

/** A tempo of the script stands at a position of its own. */
function* scriptTempo(state: RemiState): Generator<number> {
  const { script, vocabulary } = state.plan;
  if (script === undefined) return;
  for (const at of script.tempos.keys()) {
    if (at > state.at - (state.offset < 0 ? 1 : 0) && at < state.barStart + state.barLength) {
      yield vocabulary.position(at - state.barStart);
    }
  }
}

/** In the last bar, as long as no note reaches its end. */
function needsEnding(state: RemiState): boolean {
  return state.plan.script === undefined && state.bar === state.lastBar && !state.mayEnd;
}

/** Whether the next note is the one that ends the piece. */
function isFinal(state: RemiState): boolean {
  return needsEnding(state) && missingNotes(state) <= 1 && overdue(state) <= 1 && state.end < state.limit;
}

function* dueNote(state: RemiState): Generator<number> {
  const { due, plan } = state;
  const { vocabulary } = plan;
  if (state.freeVoice < 0 && due !== undefined) {
    yield vocabulary.pitch(due.group, due.pitch);
    if (vocabulary.config.programs) yield vocabulary.program(due.group);
    return;
  }
  yield* note(state);
}

/** A note of one of the groups at the present position: its pitch where the group holds, else its program. */
function* note(state: RemiState, among = [state.group, ...state.plan.groups]): Generator<number> {
  const { vocabulary, groups } = state.plan;
  const from = state.phase === 'note' ? state.group : -1;
  for (const group of among) {
    if (group < from || !groups.includes(group)) continue;
    const above = group === state.group && state.phase === 'note' ? state.pitch : -1;
    const id = pitchOf(state, group, above);
    if (id < 0) continue;
    if (!vocabulary.config.programs || group === state.group) yield id;
    else yield vocabulary.program(group);
  }
}

function* pitches(state: RemiState): Generator<number> {
  const { due } = state;
  if (due?.group === state.group && state.freeVoice < 0) yield state.plan.vocabulary.pitch(due.group, due.pitch);
  yield pitchOf(state, state.group, state.pitch);
}

/** Id of the lowest pitch above `above` that may begin here and has a length that fits; -1 where there is none. */
function pitchOf(state: RemiState, group: number, above: number): number {
  const last = isFinal(state);
  const id = lowestPitch(state, group, above, last);
  // Who has to play does so, and the note that ends the piece is another one.
  return id < 0 && last && wantedGroups(state).includes(group) ? lowestPitch(state, group, above, false) : id;
}

function lowestPitch(state: RemiState, group: number, above: number, last: boolean): number {
  const { vocabulary } = state.plan;
  for (let pitch = above + 1; pitch < 128; pitch++) {
    const id = vocabulary.pitch(group, pitch);
    if (id >= 0 && mayPlay(state, group, pitch) && fits(state, longestEnd(state, group, pitch), last)) return id;
  }
  return -1;
}

/** Whether a note that begins here and ends at `latest` can be spelt; `last`: it is the one that ends the piece. */
function fits(state: RemiState, latest: number, last: boolean): boolean {
  const { vocabulary } = state.plan;
  const { at } = state;
  if (!last) return vocabulary.lengths.some((length) => at + length <= latest && mayStop(state, at + length));
  return state.limit <= latest && vocabulary.duration(state.limit - at) >= 0;
}

/** Later positions of the bar at which a note of one of the groups can begin. */
function* laterNote(state: RemiState, groups: readonly number[]): Generator<number> {
  if (groups.length === 0) return;
  const { vocabulary } = state.plan;
  const probe = state.clone();
  probe.phase = 'position';
  for (const offset of vocabulary.positions) {
    if (offset <= state.offset || offset >= state.barLength) continue;
    probe.offset = offset;
    const found = groups.some((group) => pitchOf(probe, group, -1) >= 0);
    if (found) yield vocabulary.position(offset);
  }
}

function* restOfNote(state: RemiState): Generator<number> {
  const { vocabulary } = state.plan;
  const { due } = state;
  const forced = state.spellsForced ? due : undefined;
  if (state.phase === 'pitch' && vocabulary.velocities.length > 0) {
    if (forced !== undefined) yield forced.velocity;
    else yield* vocabulary.velocities;
    return;
  }
  if (forced !== undefined) yield vocabulary.duration(forced.length);
  else {
    if (isFinal(state)) yield vocabulary.duration(state.limit - state.at);
    for (const length of vocabulary.lengths) yield vocabulary.duration(length);
  }
}
