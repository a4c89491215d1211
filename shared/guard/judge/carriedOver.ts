/** What need not be asked again: an addition that was granted is granted still where nothing but Allows was added. */

import { toRoledPolicies } from '../../targets/policySet.ts';
import type { Snapshot } from '../../targets/target.ts';
import { UNREADABLE } from '../contents.ts';
import type { RemainsNeed } from '../derive/needs.ts';
import { type Content, isOther, type Part } from '../timeline/timeline.ts';

/**
 * Returns true iff `live` grants all that `before` does, to whom it does, by what is said in the same words: it has every
 * part of it, and its other parts hold Allows of the holder and nothing that is not understood.
 */
export function isOnlyMore(before: Content, content: Content, live: Snapshot): boolean {
  if (!before.exists || !content.exists || isOther(before, content)) return false;
  const kept = new Map(before.parts.map((part) => [part.id, part]));
  const others = content.parts.filter((part) => !isSameText(kept.get(part.id), part));
  if (content.parts.length - others.length !== before.parts.length) return false;
  if (!others.every(({ role }) => role === 'grant')) return false;
  const isMore = new Set(others.map(({ id }) => id));
  const documents = toRoledPolicies(live)?.filter(({ name }) => isMore.has(name));
  return (
    documents?.length === others.length &&
    documents.every(({ policy }) =>
      policy.statements.every(({ effect, unread }) => effect === 'Allow' && unread === undefined),
    )
  );
}

/** Returns true iff the answer holds for whatever grants more. A stranger is whom nothing names, so more may be less. */
export function growsWithGrants({ check }: RemainsNeed['addition']): boolean {
  return check === 'no-new-access' || check === 'access-not-granted';
}

function isSameText(one: Part | undefined, other: Part): boolean {
  return (
    one !== undefined &&
    one.text === other.text &&
    one.form === other.form &&
    one.role === other.role &&
    one.uid === other.uid &&
    one.text !== UNREADABLE
  );
}
