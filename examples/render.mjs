// Pictures and sound of a score: writes scale.svg, scale.png and scale.wav into the current folder.
import fs from 'node:fs';
import { pianoRollSvg, renderWav, svgToPng } from '@rondo/render/node';

const pitches = [60, 62, 64, 65, 67, 69, 71, 72];
const notes = pitches.map((pitch, index) => ({ tick: index * 480, duration: 480, pitch, velocity: 50 + 8 * index }));
const score = {
  ticksPerQuarter: 480,
  tempos: [{ tick: 0, microsecondsPerQuarter: 500_000 }],
  timeSignatures: [{ tick: 0, numerator: 4, denominator: 4 }],
  keySignatures: [],
  tracks: [{ name: 'Scale', program: 0, isDrum: false, notes, pedals: [] }],
  endTick: 8 * 480,
};

const svg = pianoRollSvg(score, { title: 'C major' });
fs.writeFileSync('scale.svg', svg);
fs.writeFileSync('scale.png', svgToPng(svg));
fs.writeFileSync('scale.wav', await renderWav(score));
