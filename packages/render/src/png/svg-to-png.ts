import { createRequire } from 'node:module';
import { RenderError } from '../errors.js';
import { rasterise } from './rasteriser.js';

/** How an SVG becomes pixels. */
export interface PngOptions {
  /**
   * Pixels of the PNG per pixel of the SVG. Default 2, for sharp text on dense screens, or what fits into 32 000 pixels
   * on the longer side, down to 0.5.
   */
  scale?: number;
  /** Further font files, for scripts that Inter does not have (it has Latin, Greek and Cyrillic). */
  fontFiles?: readonly string[];
  /** Default white. */
  background?: string;
}

const require = createRequire(import.meta.url);
const faces = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'];
const largestSide = 32_000;
const usualScale = 2;
/** Text of twelve pixels is not legible below. */
const smallestScale = 0.5;

/**
 * Rasterises an SVG document with a font that the package brings along and no other: the same bytes on any machine,
 * whether it has fonts or not. Works on a thread of its own, which gives its memory back every few pictures; the call
 * itself waits.
 * @throws RenderError RONDO_RENDER_SVG (not an SVG), RONDO_RENDER_SCALE (no positive number), RONDO_RENDER_SIZE (the
 * picture would be too large), RONDO_RENDER_RASTER (the rasteriser does not work here)
 */
export function svgToPng(svg: string, options: PngOptions = {}): Uint8Array {
  const scale = options.scale ?? usualScale;
  if (!(scale > 0 && scale < Infinity))
    throw new RenderError('RONDO_RENDER_SCALE', `A scale is a positive number, not ${scale}: give another one.`);
  const least = options.scale ?? smallestScale;
  const fontFiles = [
    ...faces.map((face) => require.resolve(`@expo-google-fonts/inter/${face}`)),
    ...(options.fontFiles ?? []),
  ];
  const answer = rasterise({
    svg,
    scale,
    smallestScale: least,
    largestSide,
    options: {
      background: options.background ?? '#ffffff',
      font: { loadSystemFonts: false, fontFiles, defaultFontFamily: 'Inter', sansSerifFamily: 'Inter' },
    },
  });
  if ('png' in answer) return answer.png;
  if ('side' in answer)
    throw new RenderError(
      'RONDO_RENDER_SIZE',
      `The picture would have ${Math.round(answer.side * least)} pixels on its longer side at a scale of ${least}, ${largestSide} at most: give a smaller picture or scale.`,
    );
  throw new RenderError(
    'RONDO_RENDER_SVG',
    `This text is no SVG document (${answer.reason}): pass what the *Svg functions return.`,
  );
}
