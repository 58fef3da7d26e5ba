import { shared } from '../../vitest.shared.mjs';

export default shared('checkpoint', import.meta.dirname);
