import fs from 'node:fs';
import { svgToPng } from '@rondo/render/node';

/** Writes `<base>.svg` and `<base>.png`; returns both paths. */
export function writePicture(base: string, svg: string): string[] {
  const files = [`${base}.svg`, `${base}.png`];
  fs.writeFileSync(files[0], svg);
  fs.writeFileSync(files[1], svgToPng(svg, { scale: 2 }));
  return files;
}
