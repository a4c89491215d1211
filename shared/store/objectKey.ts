/** Where objects lie. One scheme for every medium, so that a bucket can be copied to a folder and read there. */
import { createHash } from 'node:crypto';
import type { TargetKind } from '../targets/target.ts';
import type { StatePlace } from './store.ts';

/** File names end at 255 bytes; ARNs do not. */
const MAX_SEGMENT_LENGTH = 200;

/** Returns the SHA-256 of a text as UTF-8, 64 hex digits. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Returns the key of an immutable document. */
export function documentKey(hash: string): string {
  return `documents/${segment(hash)}`;
}

/** Returns the prefix of all states of a kind. */
export function statePrefix(kind: TargetKind): string {
  return `targets/${kind}/`;
}

/** Returns the key of a target's state. */
export function stateKey({ kind, arn }: StatePlace): string {
  return `${statePrefix(kind)}${segment(arn)}`;
}

/** Returns the key of the pointer from a finding to its target. */
export function pointerKey(id: string): string {
  return `findings/${segment(id)}`;
}

/** Returns the key of a closed record. */
export function archiveKey(id: string): string {
  return `archive/${segment(id)}`;
}

/** Returns the key of an answer of the engine. */
export function verdictKey(key: string): string {
  return `verdicts/${segment(key)}`;
}

/** Returns the key of a note. */
export function noteKey(name: string): string {
  return `notes/${segment(name)}`;
}

/** One segment that is safe in a path and a URL: names come from accounts, and `..` is a name too. */
function segment(text: string): string {
  const encoded = encodeURIComponent(text.toWellFormed()).replace(
    /[.!~*'()]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  if (encoded.length <= MAX_SEGMENT_LENGTH) return encoded;
  return `${encoded.slice(0, MAX_SEGMENT_LENGTH - 65)}~${sha256(text)}`;
}
