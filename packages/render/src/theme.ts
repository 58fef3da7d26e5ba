/**
 * Colours and type of every picture. The categorical colours are Okabe and Ito's set, which stays distinct in all
 * common forms of colour blindness (yellow left out: too light for a white ground).
 */
export const trackColours = [
  '#0072b2', // blue
  '#d55e00', // vermilion
  '#009e73', // green
  '#9c4f86', // purple, darkened for contrast
  '#b07d00', // ochre
  '#3f9bd1', // sky blue, darkened
  '#6b6b6b',
] as const;

export const colours = {
  ground: '#ffffff',
  text: '#1f2933',
  quiet: '#5f6c7b',
  grid: '#e4e8ed',
  beat: '#e3e7ec',
  bar: '#9aa5b1',
  blackLane: '#f3f5f7',
  whiteLane: '#ffffff',
  octave: '#cfd6dd',
  keyBlack: '#39424e',
  keyWhite: '#ffffff',
  frame: '#9aa5b1',
  primary: '#0072b2',
  accent: '#d55e00',
  baseline: '#7b8794',
} as const;

/** Inter is the face of the PNGs; a browser without it takes its own sans-serif. */
export const fontFamily = 'Inter, system-ui, sans-serif';

/** Stops of a perceptually even sequential scale (dark blue to yellow-green, in the manner of viridis), 0 to 1. */
const velocityStops = ['#443983', '#31688e', '#21918c', '#35b779', '#90c53a'] as const;

/** Colour of a MIDI velocity, 1..127. */
export function velocityColour(velocity: number): string {
  const position = (Math.min(127, Math.max(0, velocity)) / 127) * (velocityStops.length - 1);
  const index = Math.min(velocityStops.length - 2, Math.floor(position));
  return mix(velocityStops[index], velocityStops[index + 1], position - index);
}

/** Linear mix of two `#rrggbb` colours; `share` 0 gives the first. */
export function mix(from: string, to: string, share: number): string {
  const channel = (colour: string, at: number) => Number.parseInt(colour.slice(at, at + 2), 16);
  const blend = [1, 3, 5].map((at) => Math.round(channel(from, at) * (1 - share) + channel(to, at) * share));
  return `#${blend.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
