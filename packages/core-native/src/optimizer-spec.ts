export interface RmspropSpec {
  kind: 'rmsprop';
  /** Share of the old mean square that is kept. Default 0.9. */
  rho?: number;
  /** Default 1e-7. */
  epsilon?: number;
  /** g / √(v + ε) as in Keras 3, or g / (√v + ε) as in older Keras. Default insideRoot. */
  epsilonPlacement?: 'insideRoot' | 'outsideRoot';
  /** Default 0 (none). */
  momentum?: number;
  /** Divides by the variance of the gradient rather than by its mean square. Default false. */
  centered?: boolean;
}

export interface AdamSpec {
  kind: 'adam';
  /** Default 0.9. */
  beta1?: number;
  /** Default 0.999. */
  beta2?: number;
  /** Default 1e-7. */
  epsilon?: number;
}

export interface AdamwSpec extends Omit<AdamSpec, 'kind'> {
  kind: 'adamw';
  /** Decoupled decay, times the learning rate, per update. Default 0.004. */
  weightDecay?: number;
}

/** The learning rate is given with every update, so schedules live outside of the engine. */
export type OptimizerSpec = RmspropSpec | AdamSpec | AdamwSpec;

export type ResolvedOptimizerSpec = Required<RmspropSpec> | Required<AdamSpec> | Required<AdamwSpec>;
