/** What needs Node: PNG pictures and sound. The main entry's functions are here too, so that one import is enough. */
export * from './index.js';
export { svgToPng, type PngOptions } from './png/svg-to-png.js';
export { renderWav, type WavOptions } from './sound/render-wav.js';
export type { SoundFont } from './sound/sound-font.js';
export { writeWav } from './sound/wav.js';
