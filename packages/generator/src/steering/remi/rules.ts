import { densityOf } from '../wishes.js';
import { DRUMS } from '../instruments.js';
import { overdue } from './ensemble.js';
import type { RemiState } from './state.js';

/** Whether the wishes let a token come next. What the grammar forbids need not be forbidden here. */
export function permits(state: RemiState, id: number): boolean {
  const { kind, value } = state.plan.vocabulary.tokens[id];
  switch (kind) {
    case 'bar':
      return state.bar < 0 || mayLeaveBar(state);
    case 'meter':
      return mayTakeMeter(state, id);
    case 'position':
      return mayGoTo(state, state.barStart + value, value);
    case 'tempo':
      return mayTakeTempo(state, id);
    case 'program':
      return tempoIsRight(state) && mayPlayGroup(state, value);
    case 'pitch':
      return tempoIsRight(state) && mayPlay(state, groupOf(state, id), value);
    case 'pedal':
      return mayPedal(state);
    case 'velocity':
      return !state.spellsForced || state.due?.velocity === id;
    case 'duration':
      return mayLast(state, value);
    case 'eos':
      return mayEnd(state);
    case 'other':
      return state.bar < 0;
  }
}

/** A pedal changes nothing that wishes are about; given bars are written without. */
function mayPedal(state: RemiState): boolean {
  return state.isNew && state.plan.script === undefined && tempoIsRight(state);
}

/** The group that a pitch token plays in. */
function groupOf(state: RemiState, id: number): number {
  const { config, tokens } = state.plan.vocabulary;
  if (config.programs) return state.group;
  return state.plan.vocabulary.pitch(DRUMS, tokens[id].value) === id ? DRUMS : 0;
}

export function mayEnd(state: RemiState): boolean {
  const { script, satb } = state.plan;
  if ((script !== undefined && state.upcoming !== undefined) || overdue(state) > 0) return false;
  if (satb !== undefined) return state.voices.every(({ end }) => end === satb.end);
  if (state.lastBar === undefined) return state.plan.wishes.seconds === undefined;
  if (state.bar !== state.lastBar || missingNotes(state) > 0) return false;
  return script !== undefined || state.end === state.limit;
}

/** Notes that this bar still needs. */
export function missingNotes(state: RemiState): number {
  return Math.max(0, (bounds(state)?.[0] ?? 0) - state.count);
}

function bounds(state: RemiState): [number, number] | undefined {
  const { wishes, firstBar } = state.plan;
  const bars = state.lastBar === undefined ? Infinity : state.lastBar - firstBar + 1;
  return densityOf(wishes, state.newBar, bars);
}

function mayLeaveBar(state: RemiState): boolean {
  const barEnd = state.barStart + state.barLength;
  if (state.lastBar !== undefined && state.bar >= state.lastBar) return false;
  if (!meterIsRight(state) || (state.upcoming?.at ?? Infinity) < barEnd || missingNotes(state) > 0) return false;
  if (nextVoiceEnd(state) < barEnd || overdue(state) > 0) return false;
  return nextScriptTempo(state) >= barEnd;
}

/** Where the next lower voice has to go on; Infinity where none has. */
export function nextVoiceEnd(state: RemiState): number {
  const { satb } = state.plan;
  if (satb === undefined) return Infinity;
  return Math.min(...state.voices.map(({ end }) => (end < satb.end ? end : Infinity)));
}

function nextScriptTempo(state: RemiState): number {
  const { script } = state.plan;
  if (script === undefined) return Infinity;
  const from = state.offset < 0 ? state.barStart - 1 : state.at;
  let next = Infinity;
  for (const at of script.tempos.keys()) if (at > from && at < next) next = at;
  return next;
}

/** The meter that this bar has to name: a wish, or what the script says; -1 where it is free. */
export function requiredMeter(state: RemiState): number {
  const { script, meter } = state.plan;
  if (script !== undefined) return script.meters.get(state.bar) ?? -1;
  return state.isNew && meter >= 0 && meter !== state.meter ? meter : -1;
}

function meterIsRight(state: RemiState): boolean {
  return state.phase !== 'bar' || requiredMeter(state) < 0;
}

function mayTakeMeter(state: RemiState, id: number): boolean {
  const { vocabulary, script, law, wishes, meter } = state.plan;
  const required = requiredMeter(state);
  if (required >= 0) return id === required;
  if (state.meter < 0) return true;
  const locked = script !== undefined || law.changes || wishes.seconds !== undefined || meter >= 0 || !state.isNew;
  if (locked) return false;
  // The end moves with the meter: what sounds already must not reach beyond it.
  const length = vocabulary.barLength(vocabulary.tokens[id]);
  return state.lastBar === undefined || state.end <= state.barStart + (state.lastBar - state.bar + 1) * length;
}

/** The tempo that this position has to name; -1 where none. */
export function requiredTempo(state: RemiState): number {
  const { script, tempo } = state.plan;
  if (script !== undefined) {
    const id = script.tempos.get(state.at) ?? -1;
    return id === state.tempo ? -1 : id;
  }
  return state.isNew && tempo >= 0 && tempo !== state.tempo ? tempo : -1;
}

function tempoIsRight(state: RemiState): boolean {
  return state.phase !== 'position' || requiredTempo(state) < 0;
}

function mayTakeTempo(state: RemiState, id: number): boolean {
  const { script, tempo, wishes } = state.plan;
  const required = requiredTempo(state);
  if (required >= 0) return id === required;
  if (state.tempo < 0) return true;
  return script === undefined && tempo < 0 && wishes.seconds === undefined;
}

function mayGoTo(state: RemiState, at: number, offset: number): boolean {
  if (!state.isNew || !meterIsRight(state) || offset >= state.barLength) return false;
  if (at > (state.upcoming?.at ?? Infinity) || at > nextVoiceEnd(state) || at > nextScriptTempo(state)) return false;
  // What is due comes first, and who has to play in this bar begins with it.
  return state.offset < 0 || (state.due === undefined && state.freeVoice < 0 && overdue(state) === 0);
}

function mayPlayGroup(state: RemiState, group: number): boolean {
  const { due, plan } = state;
  if (due !== undefined && group >= due.group) return group === due.group;
  return plan.groups.includes(group) && state.isNew;
}

/** Whether a note may begin here; also asked by the exits for groups that are not yet named. */
export function mayPlay(state: RemiState, group: number, pitch: number): boolean {
  const { due } = state;
  if (due !== undefined && group === due.group && pitch === due.pitch) return state.freeVoice < 0;
  if (due !== undefined && (group > due.group || (group === due.group && pitch > due.pitch))) return false;
  if (!state.isNew || !state.plan.groups.includes(group)) return false;
  if (state.plan.satb !== undefined) return maySing(state, pitch);
  if (state.sounding.some(({ key, end }) => key === group * 128 + pitch && end > state.at)) return false;
  const most = bounds(state)?.[1] ?? Infinity;
  if (state.count >= most) return false;
  if (group === DRUMS) return true;
  return pitchSet(state)[pitch] === 1 && freeSounding(state) < (state.plan.wishes.polyphony ?? Infinity);
}

function pitchSet(state: RemiState): Uint8Array {
  return state.plan.law.at(state.newBar, Math.max(0, state.offset), state.barLength);
}

/** Pitched notes that sound on at the present position. */
function freeSounding(state: RemiState): number {
  return state.sounding.filter(({ key, end, forced }) => !forced && key < DRUMS * 128 && end > state.at).length;
}

/** A lower voice takes the lowest free place: above those below it, below those above it, inside the bounds. */
function maySing(state: RemiState, pitch: number): boolean {
  const voice = state.freeVoice;
  const { satb } = state.plan;
  if (voice < 0 || satb === undefined || pitchSet(state)[pitch] === 0) return false;
  const below = voice === 0 ? -1 : state.voices[voice - 1].pitch;
  const above = state.voices.find(({ end }, other) => other > voice && end > state.at)?.pitch ?? 128;
  return pitch > below && pitch < above && satb.allows(state.at, voice, pitch);
}

function mayLast(state: RemiState, length: number): boolean {
  if (state.spellsForced) return state.due?.length === length;
  const end = state.at + length;
  return mayStop(state, end) && end <= longestEnd(state, state.group, state.pitch);
}

/** Whether a note may end there, as far as it is a voice's. */
export function mayStop({ plan: { voiceEnds } }: RemiState, at: number): boolean {
  return voiceEnds === undefined || voiceEnds[at] === 1;
}

/** Where a note that begins here with this pitch has to end at the latest. */
export function longestEnd(state: RemiState, group: number, pitch: number): number {
  const { limit, plan } = state;
  if (plan.satb !== undefined) return Math.min(plan.satb.end, voiceEnd(state, pitch), stretchEnd(state, pitch, true));
  return group === DRUMS ? limit : Math.min(limit, stretchEnd(state, pitch, false));
}

/** Where the stretch of chords that hold the pitch ends; `one`: the present chord's. */
function stretchEnd(state: RemiState, pitch: number, one: boolean): number {
  const { law } = state.plan;
  if (!law.changes) return Infinity;
  const { barLength } = state;
  const farthest = state.at + 65 * barLength; // beyond the longest note
  let [bar, offset, at] = [state.newBar, Math.max(0, state.offset), state.at];
  while (at < farthest && law.at(bar, offset, barLength)[pitch] === 1) {
    const end = law.stretchEnd(bar, offset, barLength);
    at += end - offset;
    [bar, offset] = end >= barLength ? [bar + 1, 0] : [bar, end];
    if (one) break;
  }
  return at;
}

/** The first moment at which the melody leaves the voice no room at this pitch. */
function voiceEnd(state: RemiState, pitch: number): number {
  const { satb } = state.plan;
  const voice = state.voice >= 0 ? state.voice : state.freeVoice;
  if (satb === undefined || voice < 0) return state.at;
  let at = state.at;
  const farthest = Math.min(satb.end, at + (state.plan.vocabulary.lengths.at(-1) ?? 0));
  while (at < farthest && satb.allows(at, voice, pitch)) at++;
  return at;
}
