export { KerasError, type KerasErrorCode } from './errors.js';
export { importKeras, type KerasImportOptions, type KerasImportReport } from './import-keras.js';
export type { Layout } from './model/plan-layout.js';
