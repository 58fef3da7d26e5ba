/** The longest path, with its last separator, that all files begin with. */
export function commonFolder(files: readonly string[]): string {
  const [first = '', ...others] = files;
  let folder = first.slice(0, lastSeparator(first) + 1);
  for (const file of others) {
    while (!file.startsWith(folder)) folder = folder.slice(0, lastSeparator(folder.slice(0, -1)) + 1);
  }
  return folder;
}

function lastSeparator(path: string): number {
  return Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
}
