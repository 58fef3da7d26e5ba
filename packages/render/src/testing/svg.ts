import { parseHTML } from 'linkedom/worker';

/** A parsed picture. Throws where the text is no single `<svg>`. */
export function parseSvg(svg: string): Element {
  const { document } = parseHTML(`<!doctype html><html><body>${svg}</body></html>`);
  const roots = [...document.body.children];
  if (roots.length !== 1 || roots[0].localName !== 'svg') throw new Error('not one svg element');
  return roots[0] as unknown as Element;
}

/** Contents of all text elements. */
export function textsOf(svg: string): string[] {
  return [...parseSvg(svg).querySelectorAll('text')].map((node) => node.textContent ?? '');
}

/** Every number in the attributes of a picture; a picture with NaN in it draws nothing and says nothing. */
export function hasBadNumbers(svg: string): boolean {
  return /[="( ,](NaN|-?Infinity|undefined)[") ,]/.test(svg);
}
