/**
 * What of a principal is its own: which policies it holds, and the text of its inline ones. The text of an attached
 * policy, of a boundary and of a group's policies changes by calls that name another target, and is judged there once;
 * else a change that was approved there would be found, and undone, at every principal it reaches.
 */
import { makeSnapshot } from '../targets/snapshot.ts';
import type { Snapshot, TargetPart } from '../targets/target.ts';

/**
 * Returns `accepted` with the text that `live` has for every policy both hold through an attachment, a boundary or a
 * group: the accepted version as it would be read now. Targets of other kinds come back as they are.
 */
export function rebase(accepted: Snapshot, live: Snapshot): Snapshot {
  if (accepted.target.kind !== 'iam-principal' || !live.exists) return accepted;
  const held = new Set(accepted.parts.map(({ id }) => id));
  const current = live.parts.filter((part) => isSharedText(part, held));
  const replaced = new Set(current.map(({ id }) => id));
  const groups = new Set(live.parts.map(({ id }) => id).filter((id) => isMembership(id) && held.has(id)));
  // What such a group no longer holds is gone for its members too.
  const own = accepted.parts.filter(({ id }) => !replaced.has(id) && !groups.has(membershipOf(id) ?? ''));
  const { contentHash: _, ...rest } = accepted;
  return makeSnapshot({ ...rest, parts: [...own, ...current] });
}

/** An attachment or boundary that both hold, or whatever a group gives to who was a member before. */
function isSharedText({ id }: TargetPart, held: ReadonlySet<string>): boolean {
  const membership = membershipOf(id);
  if (membership !== undefined) return held.has(membership);
  return held.has(id) && (id.startsWith('attached:') || id.startsWith('boundary:'));
}

function isMembership(id: string): boolean {
  return /^group:[^/]+$/.test(id);
}

/** `group:Admins/inline:x` → `group:Admins`; undefined for what no group gives. */
function membershipOf(id: string): string | undefined {
  const [, membership] = /^(group:[^/]+)\//.exec(id) ?? [];
  return membership;
}
