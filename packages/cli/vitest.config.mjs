import { shared } from '../../vitest.shared.mjs';

export default shared('cli', import.meta.dirname);
