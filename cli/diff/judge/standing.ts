/** What AWS holds of a facet on both sides of a change: what the states say, what they leave to AWS, what is out of date. */
import { settleDocument } from '../document.ts';
import type { Alternative, EntityState } from '../entities.ts';
import { FACETS, type Facet, type FacetName } from '../facets.ts';
import { ONLY_ATTACHED } from '../formats/rules.ts';
import { aclBlock, wholeBlock } from '../formats/settings.ts';
import type { EntityPair } from '../pair.ts';
import type { Part } from '../state.ts';
import { symbolNames } from '../symbols.ts';

export type Case = {
  readonly before: Alternative | undefined;
  readonly after: Alternative | undefined;
};

export type Standing = {
  readonly old: readonly Part[];
  readonly now: readonly Part[];
  /** What the lists are asked of before, where `old` is the most that it may have been. */
  readonly listed?: readonly Part[];
};

/** Returns the parts of both sides. Of what the entity is asked for, only `after` counts. */
export function standingOf(
  name: FacetName,
  { before, after }: Case,
  { after: entity }: EntityPair,
): Standing {
  const facet: Facet = FACETS[name];
  const stated = upToDate(partsOf(before, name), partsOf(after, name));
  if (name === 'public-access-block') return blocks(stated, { before, after }, entity);
  const { absent } = facet;
  if (absent === undefined) return stated;
  const isThere = before?.isDefined === true;
  const isGone = isThere && after?.exists !== true;
  const isNew = !isThere && before?.exists !== true;
  const taken = (document: object): Part[] => [
    { id: 'document', role: absent.role, document: settleDocument(document) },
  ];
  const isDropped = stated.now.length === 0 && (stated.old.length > 0 || (isNew && absent.isTold));
  const isFirst = isThere && stated.old.length === 0 && stated.now.length > 0;
  return {
    ...(isFirst ? { listed: taken(absent.document) } : {}),
    old: isFirst ? taken(absent.asBefore ?? absent.document) : stated.old,
    now: isDropped && !isGone ? taken(absent.document) : stated.now,
  };
}

const partsOf = (alternative: Alternative | undefined, facet: FacetName) =>
  alternative?.facets.get(facet) ?? [];

/**
 * A plan shows with each resource what AWS holds of it now, also where another resource of the plan puts it there. Where
 * that one changes or goes away, the text shown does not count.
 */
function upToDate(old: readonly Part[], now: readonly Part[]): Standing {
  const slots = (parts: readonly Part[]) =>
    new Set(parts.flatMap((part) => (part.isHeld === true ? [] : [slotOf(part)])));
  const [before, after] = [slots(old), slots(now)];
  if (before.size + after.size === 0) return { old, now };
  const isExclusive = now.some(({ id }) => id === ONLY_ATTACHED);
  const counts = (part: Part, ...taken: readonly ReadonlySet<string>[]) =>
    part.isHeld !== true || !taken.some((each) => each.has(slotOf(part)));
  return {
    old: old.filter((part) => counts(part, before)),
    now: now.filter(
      (part) =>
        counts(part, before, after) &&
        !(isExclusive && part.isHeld === true && part.id.startsWith('attached:')),
    ),
  };
}

/** Of a resource's own document there is one, whatever states it. */
const slotOf = ({ id }: Part) => (id.startsWith('document') ? 'document' : id);

/**
 * A bucket that names no block has the one that S3 gives it: that is what a block with open flags takes away. Where its
 * owner owns every object there are no ACLs, so that what keeps them out keeps out nothing.
 */
function blocks({ old, now }: Standing, { before, after }: Case, entity: EntityState | undefined): Standing {
  const isBucket = entity?.type === 'bucket' || entity?.type === 'access-point';
  const isOpened = isBucket && old.length === 0 && now.length > 0;
  const part = (id: string, document: object): Part => ({
    id,
    role: 'resource',
    document: settleDocument(document),
  });
  const first = isOpened ? [part('block', wholeBlock(nameOf(entity)))] : old;
  const withoutAcls = (alternative: Alternative | undefined, parts: readonly Part[]) =>
    parts.length > 0 && isOwned(alternative)
      ? [...parts, part('ownership', aclBlock(nameOf(entity)))]
      : parts;
  return { old: withoutAcls(before, first), now: withoutAcls(after, now) };
}

const isOwned = (alternative: Alternative | undefined) =>
  partsOf(alternative, 'bucket-acl').some(({ id }) => id === 'ownership');

function nameOf(entity: EntityState | undefined): string {
  const ids = entity?.ids ?? [];
  const own = ids
    .find((id) => id.includes('#'))
    ?.split('#')
    .slice(1)
    .join('#');
  return ids.find((id) => symbolNames(id).length === 0 && !id.includes('#')) ?? own ?? '*';
}
