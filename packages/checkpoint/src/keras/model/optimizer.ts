import { EngineError, type OptimizerSpec, resolveOptimizerSpec } from '@rondo/core-native';
import { isRecord } from '../archive/parse-json.js';
import { addsEpsilonOutside } from './version.js';

/** The tutorial's. */
const DEFAULT: OptimizerSpec = { kind: 'rmsprop' };

/**
 * What the model was compiled with, so that training it on goes on alike; RMSprop where the file says nothing that Rondo
 * knows. The optimiser's own state is not read.
 */
export function readOptimizer(training: unknown, version: string | undefined): OptimizerSpec {
  const compiled = isRecord(training) ? (training.optimizer_config ?? training.optimizer) : undefined;
  const { class_name: kind, config } = isRecord(compiled) ? compiled : {};
  if (typeof kind !== 'string' || !isRecord(config)) return DEFAULT;
  const spec = translate(kind.toLowerCase(), config, version);
  try {
    return spec === undefined ? DEFAULT : resolveOptimizerSpec(spec);
  } catch (error) {
    if (error instanceof EngineError) return DEFAULT;
    throw error;
  }
}

function translate(kind: string, config: Record<string, unknown>, version?: string): OptimizerSpec | undefined {
  const number = (key: string, ours: string) => (typeof config[key] === 'number' ? { [ours]: config[key] } : {});
  const epsilon = number('epsilon', 'epsilon');
  const adam = { ...number('beta_1', 'beta1'), ...number('beta_2', 'beta2'), ...epsilon };
  switch (kind) {
    case 'rmsprop':
      return {
        kind: 'rmsprop',
        ...number('rho', 'rho'),
        ...epsilon,
        epsilonPlacement: addsEpsilonOutside(version) ? 'outsideRoot' : 'insideRoot',
        ...number('momentum', 'momentum'),
        centered: config.centered === true,
      };
    case 'adam':
      return { kind: 'adam', ...adam };
    case 'adamw':
      return { kind: 'adamw', ...adam, ...number('weight_decay', 'weightDecay') };
    default:
      return undefined;
  }
}
