import { shared } from '../../vitest.shared.mjs';

export default shared('core-native', import.meta.dirname);
