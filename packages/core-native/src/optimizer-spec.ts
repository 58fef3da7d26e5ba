/** RMSprop: a step by the root of the mean square of the gradients. */
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

/** Adam: RMSprop with a mean of the gradients and corrections of both for the start. */
export interface AdamSpec {
  kind: 'adam';
  /** Default 0.9. */
  beta1?: number;
  /** Default 0.999. */
  beta2?: number;
  /** Default 1e-7. */
  epsilon?: number;
}

/** Adam with weight decay that is no part of the gradient. */
export interface AdamwSpec extends Omit<AdamSpec, 'kind'> {
  kind: 'adamw';
  /** Decoupled decay, times the learning rate, per update. Default 0.004. */
  weightDecay?: number;
}

/** The learning rate is given with every update, so schedules live outside of the engine. */
export type OptimizerSpec = RmspropSpec | AdamSpec | AdamwSpec;

/** An optimiser with every default filled in. */
export type ResolvedOptimizerSpec = Required<RmspropSpec> | Required<AdamSpec> | Required<AdamwSpec>;
