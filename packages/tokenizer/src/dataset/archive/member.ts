/** A file inside an archive, as a range of bytes of a file on disk; nothing is ever written under its name. */
export interface ArchiveMember {
  /** The path inside the archive, as it stands there. */
  readonly name: string;
  /** Where its header (zip) or its content begins. */
  readonly offset: number;
  /** Bytes as stored. */
  readonly packed: number;
  /** Bytes of the content, as the archive claims. */
  readonly size: number;
  /** How to get at the content, or why there is no way. */
  readonly method: 'plain' | 'zip-stored' | 'zip-deflated' | 'encrypted' | 'unknown' | 'left-out';
}
