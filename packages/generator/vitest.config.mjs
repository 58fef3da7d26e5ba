import { shared } from '../../vitest.shared.mjs';

export default shared('generator', import.meta.dirname);
