// Python's pickle is a program for a stack machine. This one knows the instructions that build lists, tuples, sets, dicts,
// texts and numbers, and no others: what a pickle would have Python import or call is refused, never done.

import { ByteReader } from './byte-reader.js';
import { MARK, type Pickled, PickleError, SET, valueOf } from './pickled.js';
import { readScalar } from './scalars.js';
import { addPairs, SlotStack } from './slot-stack.js';

/**
 * Reads a pickle of protocol 0 … 5.
 * @param limit steps of its program at most
 * @throws PickleError
 */
export function readPickle(bytes: Uint8Array, limit: number): Pickled {
  const reader = new ByteReader(bytes);
  const stack = new SlotStack();
  for (let steps = 0; ; steps += 1) {
    const code = String.fromCharCode(reader.byte());
    if (code === '.') return valueOf(stack.pop());
    if (steps >= limit) throw new PickleError(`it has more than ${limit} steps`);
    step(code, reader, stack);
  }
}

function step(code: string, reader: ByteReader, stack: SlotStack): void {
  const scalar = readScalar(code, reader);
  if (scalar !== undefined) return stack.push(scalar);
  if (container(code, stack) || moved(code, reader, stack) || named(code, reader, stack)) return;
  const place = `${JSON.stringify(code)} at ${reader.position - 1}`;
  throw new PickleError(`it has an instruction that is not read here (${place})`);
}

/** Makes and fills lists, tuples, sets and dicts. */
function container(code: string, stack: SlotStack): boolean {
  switch (code) {
    case ']':
    case ')':
    case '\x8f': // EMPTY_SET
      stack.push([]);
      return true;
    case '}':
      stack.push(new Map());
      return true;
    case 'l':
    case 't':
    case '\x91': // FROZENSET
      stack.push(stack.sinceMark());
      return true;
    case 'd':
      stack.push(addPairs(new Map(), stack.sinceMark()));
      return true;
    case '\x85': // TUPLE1 to TUPLE3
    case '\x86':
    case '\x87':
      stack.push(stack.popMany(code.charCodeAt(0) - 0x84));
      return true;
    case 'a':
      stack.append([valueOf(stack.pop())]);
      return true;
    case 'e':
    case '\x90': // ADDITEMS
      stack.append(stack.sinceMark());
      return true;
    case 's':
      stack.setItems(stack.popMany(2));
      return true;
    case 'u':
      stack.setItems(stack.sinceMark());
      return true;
    default:
      return false;
  }
}

/** Marks, doubles, drops and remembers what is there, and passes what only frames it. */
function moved(code: string, reader: ByteReader, stack: SlotStack): boolean {
  switch (code) {
    case '\x80': // PROTO
      reader.take(1);
      return true;
    case '\x95': // FRAME
      reader.take(8);
      return true;
    case '(':
      stack.push(MARK);
      return true;
    case '0': // POP
      stack.pop();
      return true;
    case '1': // POP_MARK
      stack.sinceMark();
      return true;
    case '2': // DUP
      stack.push(stack.top());
      return true;
    case 'q':
      stack.remember(reader.unsigned(1));
      return true;
    case 'r':
      stack.remember(reader.unsigned(4));
      return true;
    case 'p':
      stack.remember(Number(reader.line()));
      return true;
    case '\x94': // MEMOIZE
      stack.remember();
      return true;
    case 'h':
      stack.recall(reader.unsigned(1));
      return true;
    case 'j':
      stack.recall(reader.unsigned(4));
      return true;
    case 'g':
      stack.recall(Number(reader.line()));
      return true;
    default:
      return false;
  }
}

/** Names of things in Python, and their call: a set is known, everything else would be code. */
function named(code: string, reader: ByteReader, stack: SlotStack): boolean {
  switch (code) {
    case 'c': // GLOBAL
      pushName(stack, reader.line(), reader.line());
      return true;
    case '\x93': {
      // STACK_GLOBAL
      const [module, name] = stack.popMany(2);
      pushName(stack, module, name);
      return true;
    }
    case 'R': // REDUCE
      makeSet(stack);
      return true;
    default:
      return false;
  }
}

function pushName(stack: SlotStack, module: Pickled, name: Pickled): void {
  if (typeof module !== 'string' || typeof name !== 'string') throw new PickleError('a name in it is no text');
  const known = /^(builtins|__builtin__|sets)$/.test(module) && /^(set|frozenset)$/.test(name);
  if (!known) throw new PickleError(`it would have Python run ${JSON.stringify(`${module}.${name}`.slice(0, 80))}`);
  stack.push(SET);
}

function makeSet(stack: SlotStack): void {
  const args = valueOf(stack.pop());
  const called = stack.pop();
  if (called !== SET || !Array.isArray(args) || args.length > 1) throw new PickleError('it calls what is no set');
  const [items = []] = args;
  if (!Array.isArray(items)) throw new PickleError('its set is made of something else than a list');
  stack.push(items);
}
