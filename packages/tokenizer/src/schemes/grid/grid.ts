import type { Score } from '../../score/score.js';
import type { Grammar, Scheme, SchemeFactory } from '../scheme.js';
import { gridStep, parseGridConfig, type GridConfig, type GridOptions, type GridStep } from './config.js';
import { framesToScore, scoreToFrames, type FramePitch } from './frames.js';
import { FRAME_END, GridGrammar, GridTokens } from './grammar.js';

/**
 * Piano-roll frames as tokens: the pitches of a frame from high to low, then its end. The log-likelihoods of a frame's
 * tokens add up to the likelihood of the frame, comparable with the published tables of frame models.
 */
export class GridScheme implements Scheme {
  readonly name = 'grid';
  readonly config: GridConfig;
  readonly specials = true;
  readonly percussion = false;
  readonly frameEnd = FRAME_END;
  private readonly step: GridStep;
  private readonly names: GridTokens;

  constructor(options: GridOptions = {}) {
    this.config = parseGridConfig(options);
    this.step = gridStep(this.config);
    this.names = new GridTokens(...this.config.pitchRange, this.config.holds);
  }

  encode(score: Score): string[] {
    return scoreToFrames(score, this.config, this.step).flatMap((frame) => [
      ...frame.map(({ pitch, held }) => `${held ? 'Hold' : 'Pitch'}_${pitch}`),
      FRAME_END,
    ]);
  }

  decode(tokens: readonly string[]): Score {
    const frames: FramePitch[][] = [];
    const reader = new GridGrammar(this.names, (frame) => void frames.push(frame));
    for (const token of tokens) reader.push(token);
    if (reader.unfinished.length > 0) frames.push([...reader.unfinished]);
    return framesToScore(frames, this.config, this.step);
  }

  quantise(score: Score): Score {
    return framesToScore(scoreToFrames(score, this.config, this.step), this.config, this.step);
  }

  grammar(): Grammar {
    return new GridGrammar(this.names);
  }
}

export const gridScheme: SchemeFactory = {
  name: 'grid',
  create: (options) => new GridScheme(options as GridOptions),
};
