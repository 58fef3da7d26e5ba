import { REST_BARS } from '../instruments.js';
import type { RemiState } from './state.js';

/**
 * Instruments that have to play: `heard` of the state holds for each one the bar of its last new note. None is silent for
 * `REST_BARS` bars on end, and none is missing when the piece is over.
 */
function deadlineOf({ heard, plan, lastBar = Infinity }: RemiState, player: number): number {
  const deadline = heard[player] + REST_BARS;
  return heard[player] < plan.firstBar ? Math.min(deadline, lastBar) : deadline;
}

/** How many instruments have to play in this bar and have not yet. */
export function overdue(state: RemiState): number {
  if (!state.isNew) return 0;
  return state.heard.reduce((sum, _, player) => sum + (deadlineOf(state, player) <= state.bar ? 1 : 0), 0);
}

/**
 * Groups that the way out plays next, the most urgent first. It is early by as many bars as there are instruments, so that
 * they need not all find a place in one bar.
 */
export function wantedGroups(state: RemiState): number[] {
  const { heard, plan, bar, lastBar = Infinity } = state;
  if (!state.isNew) return [];
  const latest = Math.min(lastBar, bar + heard.length);
  const wanted = heard.flatMap((last, player) => {
    const deadline = deadlineOf(state, player);
    if (last === bar || deadline > latest) return [];
    return plan.players[player].map((group) => ({ group, deadline }));
  });
  // At one position the tokens name groups from low to high.
  return wanted.sort((a, b) => a.deadline - b.deadline || a.group - b.group).map(({ group }) => group);
}

/** `heard` after a new note of a group. */
export function heardAfter({ heard, plan, bar }: RemiState, group: number): readonly number[] {
  if (!plan.players.some((groups) => groups.includes(group))) return heard;
  return heard.map((last, player) => (plan.players[player].includes(group) ? bar : last));
}
