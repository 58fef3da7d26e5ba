// The text of a piece → headers and sections. No music is read here.
import { CorpusError } from './music-line.mjs';
import { levelNames } from './dynamics.mjs';
import { styleNames } from './styles.mjs';

const required = ['title', 'origin', 'key', 'meter', 'unit', 'tempo', 'form'];
const optional = ['canon', 'note'];
const voiceNames = ['m', 'd', 't', 'b', 'c'];

/** `{ name, headers, sections: Map(letter → { style, level, lines: { m, d, t, b, c } }), form: [{ section, style, level }] }` */
export function readPieceText(text, name) {
  const headers = {};
  const sections = new Map();
  let section;
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.replace(/%.*$/, '').trim();
    const where = `${name}, line ${index + 1}`;
    if (line === '') return;
    if (line.startsWith('[')) section = openSection(line, sections, where);
    else if (section) addLine(section, line, where);
    else addHeader(headers, line, where);
  });
  for (const key of required) if (!headers[key]) throw new CorpusError(name, `the header "${key}" is missing`);
  return { name, headers, sections, form: readForm(headers.form, sections, name) };
}

function addHeader(headers, line, where) {
  const [, key, value] = /^(\w+):\s*(.+)$/.exec(line) ?? [];
  if (![...required, ...optional].includes(key)) throw new CorpusError(where, `"${line}" is no header`);
  headers[key] = value;
}

function openSection(line, sections, where) {
  const [, letter, rest] = /^\[([A-Z])\]\s*(.*)$/.exec(line) ?? [];
  if (!letter) throw new CorpusError(where, `"${line}" opens no section`);
  const section = { style: 'block', level: 'mf', lines: {}, ...readManner(rest.split(/\s+/), where) };
  sections.set(letter, section);
  return section;
}

function addLine(section, line, where) {
  const [, voice, music] = /^(\w):\s*(.*)$/.exec(line) ?? [];
  if (!voiceNames.includes(voice))
    throw new CorpusError(where, `"${line}" is no line of a voice (${voiceNames.join(', ')})`);
  const known = section.lines[voice];
  if (known === undefined) section.lines[voice] = music;
  else {
    if (!music.startsWith('|')) throw new CorpusError(where, 'only the first line of a section may have an upbeat');
    section.lines[voice] = `${known.replace(/\|\s*$/, '')}${music}`;
  }
}

/** Words that are styles or levels, in any order. */
function readManner(words, where) {
  const manner = {};
  for (const word of words.filter(Boolean)) {
    if (styleNames.includes(word)) manner.style = word;
    else if (levelNames.includes(word)) manner.level = word;
    else throw new CorpusError(where, `"${word}" is neither a style (${styleNames.join(', ')}) nor a level`);
  }
  return manner;
}

function readForm(form, sections, name) {
  return form.split(/\s+/).map((item) => {
    const [letter, ...words] = item.split('/');
    const section = sections.get(letter);
    if (!section) throw new CorpusError(name, `the form asks for section ${letter}, which is not there`);
    return {
      letter,
      section,
      ...{ style: section.style, level: section.level },
      ...readManner(words, `${name}, form`),
    };
  });
}
