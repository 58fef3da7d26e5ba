import { RenderError, svgToPng } from '@rondo/render/node';
import { writeFile } from '../files/whole-file.js';

/**
 * Writes `<base>.svg` and `<base>.png`; returns the paths of what was written. With `onFailure` a picture that cannot be
 * a PNG is reported there and stays an SVG; without it, that is an error.
 */
export function writePicture(base: string, svg: string, onFailure?: (error: RenderError) => void): string[] {
  const files = [`${base}.svg`, `${base}.png`];
  writeFile(files[0], svg);
  try {
    writeFile(files[1], svgToPng(svg));
    return files;
  } catch (error) {
    if (!onFailure || !(error instanceof RenderError)) throw error;
    onFailure(error);
    return files.slice(0, 1);
  }
}
