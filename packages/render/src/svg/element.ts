/** Attributes of an SVG element; an undefined one is left out, a number is rounded to two decimals. */
export type Attributes = Record<string, string | number | undefined>;

/** One SVG element as text. Children are trusted markup: pass user text through {@link text} or {@link escape}. */
export function element(name: string, attributes: Attributes, children: string | readonly string[] = ''): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? round(value) : escape(String(value))}"`)
    .join('');
  const inner = typeof children === 'string' ? children : children.join('');
  return inner === '' ? `<${name}${written}/>` : `<${name}${written}>${inner}</${name}>`;
}

/** A line of text at (x, y) (baseline). */
export function text(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, escape(content));
}

/** Makes user text safe inside markup; control characters, which XML forbids, become spaces. */
export function escape(content: string): string {
  return content
    .replace(/[\u0000-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}

/** Two decimals are a hundredth of a pixel: enough, and files stay small and stable. */
export function round(value: number): string {
  return String(Math.round(value * 100) / 100 + 0);
}

/** Cuts a label so that it takes about `width` pixels at the given font size. */
export function fit(content: string, width: number, fontSize: number): string {
  const most = Math.max(1, Math.floor(width / (fontSize * 0.56)));
  return content.length <= most ? content : `${content.slice(0, most - 1).trimEnd()}…`;
}
