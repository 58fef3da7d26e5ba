import type { Grammar } from '../schemes/scheme.js';
import type { MergeTable } from './merge-table.js';

/** Merged tokens that begin with the same plain ones. */
interface Branch {
  readonly token: string;
  /** Id of the merged token that ends here, -1 if none does. */
  id: number;
  readonly branches: Map<number, Branch>;
}

/** Which merged tokens a grammar lets follow: those whose plain tokens may follow one after another. */
export class MergedMask {
  private readonly root: Branch = { token: '', id: -1, branches: new Map() };

  constructor(merges: MergeTable, tokens: readonly string[]) {
    for (let id = merges.base; id < merges.size; id += 1) {
      let branch = this.root;
      for (const plain of merges.spell(id)) {
        let next = branch.branches.get(plain);
        if (next === undefined) {
          next = { token: tokens[plain], id: -1, branches: new Map() };
          branch.branches.set(plain, next);
        }
        branch = next;
      }
      branch.id = id;
    }
  }

  /** Sets 1 in `out` for each merged id that may follow; those of plain ids must stand there already, all others be 0. */
  fill(out: Uint8Array, grammar: Grammar): void {
    for (const [plain, branch] of this.root.branches) if (out[plain] === 1) follow(branch, grammar.clone(), out);
  }
}

/** Goes on after the token of `branch`, which is legal. `grammar` may be used up. */
function follow({ token, branches }: Branch, grammar: Grammar, out: Uint8Array): void {
  grammar.push(token);
  let last: Branch | undefined;
  for (const next of branches.values()) {
    if (!grammar.allows(next.token)) continue;
    if (next.id >= 0) out[next.id] = 1;
    if (next.branches.size === 0) continue;
    if (last !== undefined) follow(last, grammar.clone(), out);
    last = next;
  }
  if (last !== undefined) follow(last, grammar, out);
}
