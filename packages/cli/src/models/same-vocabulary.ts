import type { Bundle } from '@rondo/checkpoint';
import { assertSameTokenizer, type Tokenizer, type TokenizerSide } from '@rondo/tokenizer';
import type { Dataset } from '@rondo/tokenizer/node';

/** Ids of a dataset mean something to a model only if both have one vocabulary. @throws TokenizerError that names both */
export function assertSameVocabulary(bundle: Bundle, dataset: Dataset): void {
  assertSameTokenizer(side('the model', bundle.tokenizer), side(`the dataset ${dataset.dir}`, dataset.tokenizer));
}

function side(name: string, { fingerprint, vocabulary }: Tokenizer): TokenizerSide {
  return { name, fingerprint, vocabulary: vocabulary.size };
}
