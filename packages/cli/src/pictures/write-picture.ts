import { svgToPng } from '@rondo/render/node';
import { writeFile } from '../files/whole-file.js';

/** Writes `<base>.svg` and `<base>.png`; returns both paths. */
export function writePicture(base: string, svg: string): string[] {
  const files = [`${base}.svg`, `${base}.png`];
  writeFile(files[0], svg);
  writeFile(files[1], svgToPng(svg, { scale: 2 }));
  return files;
}
