/** Whether a path is a pattern: `*`, `?`, `[…]` or `{…,…}`. */
export function isGlob(path: string): boolean {
  return /[*?[\]{}]/.test(path);
}

/** The folder of a pattern that has no sign in it, and the rest: `a/b/*.mid` is `a/b` and `*.mid`. */
export function splitGlob(pattern: string): { base: string; rest: string } {
  const parts = pattern.split('/');
  const first = parts.findIndex(isGlob);
  const base = parts.slice(0, first).join('/');
  return { base: base === '' ? (pattern.startsWith('/') ? '/' : '.') : base, rest: parts.slice(first).join('/') };
}

/**
 * A pattern over paths with `/`: `*` any text inside a name, `?` one sign, `[a-c]` or `[!a-c]` one of some, `{a,b}` one of
 * several texts, `**` any number of folders. Upper and lower case count.
 */
export function globPattern(glob: string): RegExp {
  let source = '';
  let depth = 0;
  for (let i = 0; i < glob.length; i += 1) {
    const sign = glob[i];
    const set = sign === '[' ? /^\[[!^]?\]?[^\]]*\]/.exec(glob.slice(i)) : null;
    if (set !== null) {
      source += characterSet(set[0]);
      i += set[0].length - 1;
    } else if (glob.startsWith('**/', i)) {
      source += '(?:[^/]+/)*';
      i += 2;
    } else if (glob.startsWith('**', i)) {
      source += '.*';
      i += 1;
    } else if (sign === '*') source += '[^/]*';
    else if (sign === '?') source += '[^/]';
    else if (sign === '{') {
      source += '(?:';
      depth += 1;
    } else if (sign === '}' && depth > 0) {
      source += ')';
      depth -= 1;
    } else if (sign === ',' && depth > 0) source += '|';
    else source += escaped(sign);
  }
  return new RegExp(`^${source}${')'.repeat(depth)}$`, 'u');
}

function characterSet(set: string): string {
  const negated = /^\[[!^]/.test(set);
  const inside = set.slice(negated ? 2 : 1, -1).replace(/[\\\]^[]/g, '\\$&');
  return `[${negated ? '^/' : ''}${inside}]`;
}

function escaped(sign: string): string {
  return sign.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
