/** The Node entry of `@rondo/tokenizer`: corpora on disk. */
export { makeFolder } from './files/make-folder.js';
export { isAsWritten, type Variant } from './dataset/as-written.js';
export { openDataset, type OpenOptions } from './dataset/open-dataset.js';
export { prepareDataset } from './dataset/prepare.js';
export { MidiSources } from './dataset/midi-sources.js';
export { findMidiFiles, type SourceFile } from './dataset/find-files.js';
export { DatasetError, type DatasetErrorCode } from './dataset/dataset-error.js';
export { NoteTableFile, noteTableParquet, type NamedTable } from './table/parquet.js';
export type * from './dataset/types.js';
