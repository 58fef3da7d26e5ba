/** Whether a path is a pattern: `*`, `?`, `[…]` or `{…,…}`. */
export function isGlob(path: string): boolean {
  return /[*?[\]{}]/.test(path);
}

/**
 * The folder of a pattern that has no sign in it, and the rest: `a/b/*.mid` is `a/b` and `*.mid`.
 * On Windows a backslash parts names too.
 */
export function splitGlob(pattern: string, platform = process.platform): { base: string; rest: string } {
  const path = platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern;
  const parts = path.split('/');
  const first = parts.findIndex(isGlob);
  const rest = parts.slice(first).join('/');
  const base = parts.slice(0, first).join('/');
  if (base === '') return { base: path.startsWith('/') ? '/' : '.', rest };
  // `C:` alone would be the present folder of that drive.
  return { base: platform === 'win32' && /^[A-Za-z]:$/.test(base) ? `${base}/` : base, rest };
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
