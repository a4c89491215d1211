/** Snapshots: what a target holds, with one hash for all spellings of the same content. */
import { createHash } from 'node:crypto';
import type { Snapshot, TargetPart, TargetRef } from './target.ts';

type SnapshotContent = Omit<Snapshot, 'contentHash'>;

/** Returns the snapshot with its parts in order and its hash. */
export function makeSnapshot(content: SnapshotContent): Snapshot {
  const parts = [...content.parts].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const said = {
    exists: content.exists,
    parts: parts.map(({ id, role, document }) => [id, role, canonicalDocument(document)]),
  };
  return { ...content, parts, contentHash: createHash('sha256').update(JSON.stringify(said)).digest('hex') };
}

/** Returns the snapshot with other parts. What was read beside the old ones goes, unless nothing differs. */
export function replaceParts(snapshot: Snapshot, parts: readonly TargetPart[]): Snapshot {
  const { restoreHints, contentHash, ...rest } = snapshot;
  const made = makeSnapshot({ ...rest, parts });
  return made.contentHash === contentHash && restoreHints !== undefined ? { ...made, restoreHints } : made;
}

/** Returns the snapshot of a resource that is not there. */
export function absentSnapshot(target: TargetRef): Snapshot {
  return makeSnapshot({ target, exists: false, parts: [] });
}

/** Returns the one part of a target that holds a single document; none when there is no document. */
export function documentPart(document: string | undefined): TargetPart[] {
  return document === undefined ? [] : [{ id: 'document', role: 'resource', document }];
}

/** Returns the document of the part with that id, or undefined. */
export function partDocument({ parts }: Snapshot, id: string): string | undefined {
  return parts.find((part) => part.id === id)?.document;
}

/**
 * Returns one text for all spellings that AWS takes as the same: white space, order of members, a value against a
 * list of it, order and repetition in lists that are ORed, and the names of a principal: services store an account's
 * number as the ARN of its root. The order of statements stays: reasons name their index.
 * A text that is not JSON stands for itself, `undefined` for what AWS would not show.
 */
export function canonicalDocument(document: string | undefined): string {
  if (document === undefined) return 'unreadable';
  try {
    return JSON.stringify(canonical(JSON.parse(document) as unknown, false));
  } catch {
    return document;
  }
}

/** `inStatement`: below a statement every list is a list of alternatives. */
function canonical(value: unknown, inStatement: boolean): unknown {
  if (Array.isArray(value)) {
    const members = value.map((member: unknown) => canonical(member, inStatement));
    if (!inStatement || !members.every((member) => typeof member === 'string')) return members;
    const alternatives = [...new Set(members)].sort();
    return alternatives.length === 1 ? alternatives[0] : alternatives;
  }
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]: [string, unknown]) => {
    const list = name === 'Statement' && !inStatement && !Array.isArray(member) ? [member] : member;
    const said = canonical(list, inStatement || name === 'Statement');
    return [name, /^(Not)?Principal$/.test(name) ? canonicalPrincipal(said) : said] as const;
  });
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** An account as its number, and everyone as `*`. Source: IAM User Guide, "AWS JSON policy elements: Principal". */
function canonicalPrincipal(principal: unknown): unknown {
  if (typeof principal !== 'object' || principal === null || !('AWS' in principal)) return principal;
  const { AWS, ...others } = principal;
  const named = [AWS].flat().map((one) => (typeof one === 'string' ? (ROOT.exec(one)?.[1] ?? one) : one));
  const said = canonical(named, true);
  return said === '*' && Object.keys(others).length === 0 ? said : { AWS: said, ...others };
}

const ROOT = /^arn:[^:]+:iam::(\d{12}):root$/;
