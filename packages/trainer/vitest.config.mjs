import { shared } from '../../vitest.shared.mjs';

export default shared('trainer', import.meta.dirname);
