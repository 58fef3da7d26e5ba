import { shared } from '../../vitest.shared.mjs';

export default shared('tokenizer', import.meta.dirname);
