// A bar as a piano roll, and below it, at their places in time, the tokens that spell it.
import { QUARTERS } from './bar.mjs';

const [LEFT, RIGHT, QUARTER, ROW] = [62, 118, 224, 11]; // pixels
const [BOX_WIDTH, BOX_HEIGHT, GAP] = [QUARTER / 2 - 4, 19, 3]; // eighths stand side by side
const WIDTH = LEFT + QUARTERS * QUARTER + RIGHT;
const [QUIET, LOUD] = ['#0072b2', '#d55e00'];
const NAMES = ['C', 'C#', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B'];

/** Ground and ink of a kind of token, by how its name begins. */
const KINDS = [
  [/^(Pitch|NoteOn|[A-G][#-]?\d|\d)/, '#d6e9f5', '#00466e'],
  [/^(NoteOff|Hold)/, '#eef4f8', '#3c6076'],
  [/^Velocity/, '#fbe7d5', '#7a3600'],
  [/^(Duration|Dur)/, '#d9f0e6', '#00543d'],
  [/./, '#eceff2', '#39424e'],
];

const x = (quarter) => LEFT + quarter * QUARTER;
const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

function label(left, top, text, { size = 11, ink = '#5f6c7b', anchor = 'start', weight = 400 } = {}) {
  return `<text x="${left}" y="${top}" font-family="Inter, system-ui, sans-serif" font-size="${size}" font-weight="${weight}" fill="${ink}" text-anchor="${anchor}">${escape(text)}</text>`;
}

function rectangle(left, top, width, height, fill, rest = '') {
  return `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="${fill}" ${rest}/>`;
}

/** The piano roll; lines of beats (and of `parts` of them) go down to `bottom`. */
function roll(score, top, bottom, parts) {
  const { notes } = score.tracks[0];
  const pitches = notes.map(({ pitch }) => pitch);
  const [low, high] = [Math.min(...pitches) - 1, Math.max(...pitches) + 1];
  const y = (pitch) => top + (high - pitch) * ROW;
  const out = [];
  for (let pitch = low; pitch <= high; pitch++) {
    const isBlack = NAMES[pitch % 12].length > 1;
    out.push(rectangle(LEFT, y(pitch), QUARTERS * QUARTER, ROW, isBlack ? '#f0f2f5' : '#fafbfc'));
  }
  for (let part = 0; part <= QUARTERS * parts; part++) {
    const [ink, width] =
      part % (QUARTERS * parts) === 0 ? ['#9aa5b1', 1.5] : part % parts === 0 ? ['#cfd6dd', 1] : ['#e4e8ed', 1];
    out.push(
      `<line x1="${x(part / parts)}" y1="${top}" x2="${x(part / parts)}" y2="${bottom}" stroke="${ink}" stroke-width="${width}"/>`,
    );
  }
  for (const pitch of new Set(pitches)) {
    const name = `${NAMES[pitch % 12]}${Math.floor(pitch / 12) - 1}`;
    out.push(label(LEFT - 8, y(pitch) + ROW - 2, `${name} · ${pitch}`, { anchor: 'end', size: 10 }));
  }
  for (const { tick, duration, pitch, velocity } of notes) {
    const [from, to] = [tick, tick + duration].map((at) => x(at / score.ticksPerQuarter));
    out.push(rectangle(from + 1, y(pitch) + 1, to - from - 2, ROW - 2, velocity > 80 ? LOUD : QUIET, 'rx="2"'));
  }
  const right = x(QUARTERS) + 10;
  out.push(
    label(right, top + 10, 'velocity 80', { ink: QUIET }),
    label(right, top + 24, 'velocity 100', { ink: LOUD }),
  );
  return { svg: out.join('\n'), bottom: y(low) + ROW };
}

function box(token, number, left, top, width) {
  const [, ground, ink] = KINDS.find(([name]) => name.test(token.text));
  return [
    rectangle(left, top, width, BOX_HEIGHT, ground, 'rx="3"'),
    label(left + 4, top + 13, String(number), { size: 8, ink: '#7b8794' }),
    label(left + 18, top + 13.5, token.text, { size: 11, ink, weight: 500 }),
  ].join('\n');
}

/** The tokens of one scheme in columns, numbered as they are read. Waits lie along the time that they take. */
function lane({ title, tokens }, top) {
  const out = [label(LEFT + 5, top + 10, title, { size: 12, ink: '#1f2933', weight: 600 })];
  const waits = tokens.some(({ until }) => until !== undefined);
  const first = top + 20 + (waits ? BOX_HEIGHT + 2 * GAP : 0);
  const heights = new Map();
  for (const [i, token] of tokens.entries()) {
    if (token.until !== undefined) {
      out.push(box(token, i + 1, x(token.at) + 2, top + 20, (token.until - token.at) * QUARTER - 4));
      continue;
    }
    const row = heights.get(token.at) ?? 0;
    heights.set(token.at, row + 1);
    out.push(box(token, i + 1, x(token.at) + 2, first + row * (BOX_HEIGHT + GAP), BOX_WIDTH));
  }
  return { svg: out.join('\n'), bottom: first + Math.max(...heights.values()) * (BOX_HEIGHT + GAP) };
}

/** @param lanes titles with their placed tokens; `parts` of a quarter get a line each */
export function picture(score, lanes, { parts = 1 } = {}) {
  const drawn = [];
  const rollTop = 12;
  let bottom = roll(score, rollTop, 0, parts).bottom;
  for (const one of lanes) {
    const { svg, bottom: end } = lane(one, bottom + 16);
    drawn.push(svg);
    bottom = end;
  }
  const height = bottom + 8;
  const ground = rectangle(0, 0, WIDTH, height, '#ffffff');
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}">`;
  return [head, ground, roll(score, rollTop, bottom, parts).svg, ...drawn, '</svg>', ''].join('\n');
}
