import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';
import { RenderError } from '../errors.js';

export interface PngOptions {
  /** Pixels of the PNG per pixel of the SVG; default 2, for sharp text on dense screens. */
  scale?: number;
  /** Further font files, for scripts that Inter does not have (it has Latin, Greek and Cyrillic). */
  fontFiles?: readonly string[];
  /** Default white. */
  background?: string;
}

const require = createRequire(import.meta.url);
const faces = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'];
const largestSide = 32_000;

/**
 * Rasterises an SVG document with a font that the package brings along and no other: the same bytes on any machine,
 * whether it has fonts or not.
 * @throws RenderError RONDO_RENDER_SVG (not an SVG), RONDO_RENDER_SIZE (the picture would be too large)
 */
export function svgToPng(svg: string, options: PngOptions = {}): Uint8Array {
  const scale = options.scale ?? 2;
  const fontFiles = [
    ...faces.map((face) => require.resolve(`@expo-google-fonts/inter/${face}`)),
    ...(options.fontFiles ?? []),
  ];
  const resvg = open(svg, {
    background: options.background ?? '#ffffff',
    fitTo: { mode: 'zoom', value: scale },
    font: { loadSystemFonts: false, fontFiles, defaultFontFamily: 'Inter', sansSerifFamily: 'Inter' },
  });
  const side = Math.max(resvg.width, resvg.height) * scale;
  if (!(scale > 0) || side > largestSide)
    throw new RenderError(
      'RONDO_RENDER_SIZE',
      `The picture would have ${Math.round(side)} pixels on its longer side, ${largestSide} at most: give a smaller scale than ${scale}.`,
    );
  return resvg.render().asPng();
}

function open(svg: string, options: ConstructorParameters<typeof Resvg>[1]): Resvg {
  try {
    return new Resvg(svg, options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RenderError(
      'RONDO_RENDER_SVG',
      `This text is no SVG document (${reason}): pass what the *Svg functions return.`,
      {
        cause: error,
      },
    );
  }
}
