import { TempoMap, type Score } from '@rondo/tokenizer';
import { renderDrum } from './drums.js';
import { level } from './level.js';
import { patchOf } from './patches.js';
import { addRoom } from './room.js';
import { panOf, voicesOf } from './schedule.js';
import { renderStruck } from './struck.js';
import { renderSustained } from './sustained.js';
import type { Stereo } from './voice.js';

/** Plays a score on the built-in instruments into fresh buffers of `frames` samples. */
export function synthesise(score: Score, frames: number, sampleRate: number): Stereo {
  const out: Stereo = { left: new Float32Array(frames), right: new Float32Array(frames), sampleRate };
  const tempo = TempoMap.of(score);
  score.tracks.forEach((track, index) => {
    const patch = patchOf(track.program);
    for (const voice of voicesOf(score, track, panOf(index, score.tracks.length), tempo, sampleRate)) {
      if (track.isDrum) renderDrum(out, voice);
      else if (patch.kind === 'struck') renderStruck(out, patch, voice);
      else renderSustained(out, patch, voice);
    }
  });
  addRoom(out, 0.16);
  level(out);
  return out;
}
