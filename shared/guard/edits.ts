/** What a call did to a target: the edit of a record → the edit that a timeline keeps, with texts by their hashes. */
import type { Change } from '../changes/change.ts';
import type { Touch as ReadTouch } from '../changes/edit.ts';
import { decodePolicyDocument } from '../policy/parsePolicy.ts';
import { partDocument } from '../targets/snapshot.ts';
import type { PartRole, Snapshot, TargetAdapter, TargetPart } from '../targets/target.ts';
import { formOf, hashesOf, toPart } from './contents.ts';
import type { GuardDependencies } from './contract.ts';
import { toFindingChange } from './derive/notices.ts';
import { type Edit, isPart, type Touch } from './timeline/timeline.ts';

/** What led to a target. */
export type Occasion = {
  readonly change: Change;
  /** Which of its targets this is; absent: none, it holds a text that the change is about. */
  readonly index?: number;
};

type Looked = {
  /** What AWS holds. */
  readonly live: Snapshot;
  /** What it held when it was read last; undefined: it never was, or nobody needs it. */
  readonly before: Snapshot | undefined;
};

type Neighbours = Pick<GuardDependencies, 'adapters' | 'clientsFor' | 'store' | 'ownActorIds'>;

/** Returns what the call did to the target; undefined iff it touched nothing of it. */
export async function toEdit(
  { change, index }: Occasion,
  looked: Looked,
  neighbours: Neighbours,
): Promise<Edit | undefined> {
  const { event, edits } = change;
  const edit = index === undefined ? undefined : edits[index];
  const { life = 'kept', isWhole = false, uniqueId } = edit ?? {};
  const touches = index === undefined ? heldTouches(change, looked.live) : [];
  for (const touch of edit?.touches ?? []) touches.push(...(await toTouches(touch, looked, neighbours)));
  if (life === 'kept' && touches.length === 0) return undefined;
  return {
    kind: 'edit',
    at: Date.parse(event.eventTime),
    change: toFindingChange(change),
    life,
    isWhole,
    ...(uniqueId === undefined ? {} : { uniqueId }),
    ...(neighbours.ownActorIds.includes(event.actor.uniqueId) ? { isOwn: true } : {}),
    touches,
  };
}

/**
 * The parts by which a target holds the text that the call changed: `attached:ARN`, `boundary:ARN`, and what a group gives
 * by it or of its own. What the text is now, the read shows.
 */
function heldTouches({ targets: [shared] }: Change, { parts }: Snapshot): Touch[] {
  const arn = shared?.arn ?? '';
  const name = /:group\/(.*)$/.exec(arn)?.[1];
  const group = name === undefined ? undefined : `group:${name}`;
  return parts
    .filter(({ id }) => (group === undefined ? id.endsWith(`:${arn}`) : id.startsWith(`${group}/`)))
    .map(({ id }) => ({ part: id, to: 'hidden', heldBy: group ?? id }));
}

/** A text that is another target's is read now: what the event shows is that it is there. */
async function toTouches(
  { part, to, adds, addsOnly, takes, names }: ReadTouch,
  { live, before }: Looked,
  { adapters, clientsFor, store }: Neighbours,
): Promise<Touch[]> {
  const { target } = live;
  const adapter = adapters[target.kind];
  const role = live.parts.find(({ id }) => id === part)?.role ?? roleOf(part, adapter);
  const was = partDocument(before ?? live, part);
  const added = adds === undefined ? [] : hashesOf(decodePolicyDocument(adds));
  const more = {
    ...(adds !== undefined && was !== undefined && !hasAll(was, adds) ? { lacks: formOf(was) } : {}),
    ...(adds === undefined
      ? {}
      : {
          ...(added.length === 0 ? {} : { adds: await store.putDocument(decodePolicyDocument(adds)) }),
          statements: added,
          ...(addsOnly === undefined ? {} : { addsOnly }),
        }),
    ...(takes === undefined
      ? {}
      : { takes: await toPart({ id: part === '*' ? 'document' : part, role, document: takes }, store) }),
  };
  if (to === 'gone' || to === 'hidden')
    return [{ part, to, ...more, ...(names === undefined ? {} : { names }) }];
  if ('document' in to)
    return [
      {
        part,
        to: await toPart({ id: part, role, document: decodePolicyDocument(to.document) }, store),
        ...more,
      },
    ];
  // A membership brings whatever the group gives.
  const named = ({ id }: TargetPart) => id === part || isPart(`${part}/*`, { id });
  // One of the target's own versions: which one stands a read may tell late, what it says never changes.
  const isVersion = part === 'document';
  const isThere = isVersion ? live.revision === to.reference : live.parts.some(named);
  const isReadable = (isVersion || /^(attached|group):/.test(part)) && live.exists;
  const asked = isVersion ? to.reference : part;
  const held = isThere || !isReadable ? live : await adapter.withAddition?.(live, asked, clientsFor(target));
  const found = held?.parts.filter(named) ?? [];
  if (found.length === 0) return [{ part, to: 'hidden' }];
  const touched: Touch[] = [];
  for (const one of found) touched.push({ part: one.id, to: await toPart(one, store) });
  return touched;
}

/** True iff the document has what was added, word by word. */
function hasAll(document: string, added: string): boolean {
  const all = hashesOf(document);
  return hashesOf(added).every((one) => all.includes(one));
}

function roleOf(id: string, { policyType }: Pick<TargetAdapter, 'policyType'>): PartRole {
  if (id.startsWith('boundary:')) return 'boundary';
  return policyType === 'RESOURCE_POLICY' ? 'resource' : 'grant';
}
