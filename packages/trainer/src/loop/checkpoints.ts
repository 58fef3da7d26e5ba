import { join } from 'node:path';
import { saveCheckpoint } from '@rondo/checkpoint';
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
  const { preset, settings, identity, progress } = session;
  await save('last', session, emit, encodeState({ preset, settings, dataset: identity, progress, ...sitting }));
}

/** Saves the model alone: what is used, not what training goes on from. */
export async function saveBest(session: Session, emit: Emit): Promise<void> {
  await save('best', session, emit);
}

async function save(
  name: 'last' | 'best',
  { run, bundle, progress, plan }: Session,
  emit: Emit,
  trainerState?: Record<string, unknown>,
): Promise<void> {
  const described = { ...bundle, config: withProgress(bundle.config, progress, plan.stepsPerEpoch) };
  await saveCheckpoint(run, name, { bundle: described, ...(trainerState && { trainerState }) });
  emit({ type: 'saved', name, path: join(run, name), step: progress.step });
}
