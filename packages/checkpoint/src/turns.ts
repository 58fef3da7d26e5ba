const pending = new Map<string, Promise<unknown>>();

/** Work on one path happens one after the other within this process, in the order of the calls. */
export async function inTurn<T>(path: string, work: () => Promise<T>): Promise<T> {
  const before = pending.get(path) ?? Promise.resolve();
  const turn = before.catch(() => {}).then(work);
  pending.set(path, turn);
  try {
    return await turn;
  } finally {
    if (pending.get(path) === turn) pending.delete(path);
  }
}
