import fs from 'node:fs';
import prettier from 'prettier';

/**
 * Puts generated Markdown where a page has the marks `<!-- NAME -->` and `<!-- /NAME -->`, and formats the page.
 * @param page path of the page
 * @param contents Markdown by name
 */
export async function fillMarks(page, contents) {
  let text = fs.readFileSync(page, 'utf8');
  for (const [name, content] of Object.entries(contents)) text = fill(text, name, content, page);
  fs.writeFileSync(page, await prettier.format(text, { ...(await prettier.resolveConfig(page)), filepath: page }));
}

function fill(text, name, content, page) {
  const [from, to] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [begin, end] = [text.indexOf(from), text.indexOf(to)];
  if (begin < 0 || end < begin) throw new Error(`${page}: expected the marks ${from} and ${to}`);
  return `${text.slice(0, begin + from.length)}\n\n${content}\n\n${text.slice(end)}`;
}
