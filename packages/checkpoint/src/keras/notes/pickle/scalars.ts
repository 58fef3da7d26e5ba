import type { ByteReader } from './byte-reader.js';
import { type Pickled, PickleError } from './pickled.js';

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const latin1 = new TextDecoder('latin1');

/** Bytes of the length that stands before a text, and how the text is written. */
const TEXTS: Readonly<Record<string, readonly [size: 1 | 4 | 8, decoder: typeof utf8]>> = {
  '\x8c': [1, utf8], // SHORT_BINUNICODE
  X: [4, utf8], // BINUNICODE
  '\x8d': [8, utf8], // BINUNICODE8
  U: [1, latin1], // SHORT_BINSTRING
  T: [4, latin1], // BINSTRING
};

/** The text, number or constant that an instruction pushes; undefined for other instructions. */
export function readScalar(code: string, reader: ByteReader): Pickled | undefined {
  switch (code) {
    case 'N':
      return null;
    case '\x88': // NEWTRUE
      return true;
    case '\x89': // NEWFALSE
      return false;
    case 'V': // UNICODE
      return unescapeText(reader.line());
    case 'S': // STRING
      return unquoteText(reader.line());
    default:
      return readText(code, reader) ?? readNumber(code, reader);
  }
}

function readText(code: string, reader: ByteReader): string | undefined {
  const text = TEXTS[code];
  return text && text[1].decode(reader.take(reader.unsigned(text[0])));
}

function readNumber(code: string, reader: ByteReader): number | boolean | undefined {
  switch (code) {
    case 'K': // BININT1
      return reader.byte();
    case 'M': // BININT2
      return reader.unsigned(2);
    case 'J': // BININT
      return reader.int32();
    case 'G': // BINFLOAT
      return reader.float64();
    case 'I': // INT, and the booleans of protocol 0
    case 'L': // LONG
    case 'F': // FLOAT
      return parseNumber(code, reader.line());
    case '\x8a': // LONG1
      return readLong(reader.take(reader.byte()));
    default:
      return undefined;
  }
}

function parseNumber(code: string, line: string): number | boolean {
  const digits = line.replace(/L$/, '');
  if (digits.length > 40 || !Number.isFinite(Number(digits)))
    throw new PickleError(`"${digits.slice(0, 40)}" is no number`);
  return code === 'I' && /^0[01]$/.test(digits) ? digits === '01' : Number(digits);
}

/** Two's complement, little-endian. */
function readLong(bytes: Uint8Array): number {
  const big = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return Number(BigInt.asIntN(8 * bytes.length, big));
}

/** Protocol 0 writes what is not Latin as \uXXXX. */
function unescapeText(line: string): string {
  return line.replace(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** A text of Python 2 in its quotes; names of notes hold nothing that would be escaped. */
function unquoteText(line: string): string {
  const match = /^(['"])(.*)\1$/.exec(line.trim());
  if (match === null || match[2].includes('\\')) throw new PickleError('a text has no quotes, or escapes inside');
  return match[2];
}
