/**
 * The first key that an object of a JSON text holds twice, or undefined. `JSON.parse` silently keeps the last of them,
 * so two readers could see two different files.
 * @param json a text that `JSON.parse` accepts
 */
export function duplicateKey(json: string): string | undefined {
  const objects: (Set<string> | undefined)[] = []; // one per open bracket; undefined stands for an array
  const token = /"(?:[^"\\]|\\.)*"|[{}[\]]/gs;
  for (let match = token.exec(json); match !== null; match = token.exec(json)) {
    const text = match[0];
    if (text === '{') objects.push(new Set());
    else if (text === '[') objects.push(undefined);
    else if (text === '}' || text === ']') objects.pop();
    else if (isKey(json, token.lastIndex)) {
      const key = JSON.parse(text) as string;
      const seen = objects.at(-1);
      if (seen?.has(key)) return key;
      seen?.add(key);
    }
  }
  return undefined;
}

/** A string is a key where the next character that is not white space is a colon. */
function isKey(json: string, after: number): boolean {
  for (let i = after; i < json.length; i++) {
    const c = json.charCodeAt(i);
    if (c !== 32 && c !== 9 && c !== 10 && c !== 13) return c === 58;
  }
  return false;
}
