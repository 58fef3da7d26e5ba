import { TokenizerError } from '../tokenizer/tokenizer-error.js';
import type { Vocabulary } from '../tokenizer/vocabulary.js';
import {
  CONDITION_KINDS,
  conditionToken,
  isNumeric,
  nearest,
  parseConditionToken,
  positiveNumber,
  type ConditionKind,
  type ConditionValues,
} from './condition.js';

/** The condition tokens of a vocabulary: which values there are, and the ids of wishes. */
export class ConditionVocabulary {
  /** In the order of their tokens. */
  readonly kinds: readonly ConditionKind[];
  private readonly ids: ReadonlySet<number>;

  constructor(
    kinds: readonly ConditionKind[],
    private readonly vocabulary: Vocabulary,
  ) {
    this.kinds = CONDITION_KINDS.filter((kind) => kinds.includes(kind));
    const isOurs = (token: string): boolean => {
      const condition = parseConditionToken(token);
      return condition !== undefined && this.kinds.includes(condition.kind);
    };
    this.ids = new Set(vocabulary.tokens.flatMap((token, id) => (isOurs(token) ? [id] : [])));
  }

  has(id: number): boolean {
    return this.ids.has(id);
  }

  /** Values of a kind, numbers in their order. */
  choices(kind: ConditionKind): string[] {
    const values = [...this.ids].flatMap((id) => {
      const condition = parseConditionToken(this.vocabulary.token(id));
      return condition?.kind === kind ? [condition.value] : [];
    });
    return isNumeric(kind) ? values.sort((a, b) => Number(a) - Number(b)) : values;
  }

  /** Ids of wishes in their order. @throws TokenizerError RONDO_CONDITION_UNKNOWN, RONDO_CONDITION_VALUE. */
  idsOf(wishes: ConditionValues): number[] {
    const wanted = CONDITION_KINDS.filter((kind) => wishes[kind] !== undefined);
    return wanted.map((kind) => this.idOf(kind, wishes[kind] as string | number));
  }

  private idOf(kind: ConditionKind, wish: string | number): number {
    const choices = this.choices(kind);
    if (choices.length === 0) {
      const known = this.kinds.length === 0 ? 'no conditions' : `only ${this.kinds.join(', ')}`;
      throw unknown(`this model knows no ${kind}: it was trained with ${known}`);
    }
    const value = isNumeric(kind) ? nearest(choices.map(Number), positiveNumber(kind, wish)) : wish;
    const id = this.vocabulary.id(conditionToken(kind, value));
    if (id !== undefined) return id;
    const some = choices.slice(0, 20).join(', ') + (choices.length > 20 ? ', …' : '');
    throw unknown(`this model has seen no ${kind} "${wish}": choose one of ${some}`);
  }
}

function unknown(message: string): TokenizerError {
  return new TokenizerError('RONDO_CONDITION_UNKNOWN', message);
}
