import { join } from 'node:path';
import { type CheckpointName, saveCheckpoint, type TrainerState } from '@rondo/checkpoint';
import { withProgress } from './bundle-config.js';
import type { TrainEvent } from './events.js';
import { encodeState } from './run-state.js';
import type { Session } from './session.js';
import type { TrainSummary } from './summary.js';

type Emit = (event: TrainEvent) => void;

/** What a checkpoint says besides what the session holds. The summary stands in it once the sitting is over. */
interface Sitting {
  plannedSteps: number;
  summary: TrainSummary | null;
}

/** Saves what training goes on from. */
export async function saveLast(session: Session, sitting: Sitting, emit: Emit): Promise<void> {
  await save('last', session, emit, stateOf(session, sitting));
}

/** Saves what training goes back to when its numbers go bad. */
export async function saveGood(session: Session, plannedSteps: number, emit: Emit): Promise<void> {
  await save('good', session, emit, stateOf(session, { plannedSteps, summary: null }));
}

function stateOf({ preset, settings, identity, progress }: Session, sitting: Sitting): TrainerState {
  return encodeState({ preset, settings, dataset: identity, progress, ...sitting });
}

/** Saves the model alone, with averaged weights where there are such: what is used, not what training goes on from. */
export async function saveBest(session: Session, emit: Emit): Promise<void> {
  const saveModel = () => save('best', session, emit);
  await (session.average === undefined ? saveModel() : session.average.lend(session.bundle.network, saveModel));
}

async function save(
  name: CheckpointName,
  { run, bundle, progress, plan, average }: Session,
  emit: Emit,
  trainerState?: TrainerState,
): Promise<void> {
  const described = { ...bundle, config: withProgress(bundle.config, progress, plan.stepsPerEpoch) };
  await saveCheckpoint(run, name, {
    bundle: described,
    ...(trainerState && { trainerState, ...(average && { averages: average.state }) }),
  });
  emit({ type: 'saved', name, path: join(run, name), step: progress.step });
}
