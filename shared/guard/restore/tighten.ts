/** What stands, without what it must not grant: written where the previous content may not be. */
import type { TightenedDocument } from '../../checks/index.ts';
import { toRoledPolicies } from '../../targets/policySet.ts';
import { canonicalDocument, replaceParts } from '../../targets/snapshot.ts';
import type { Snapshot, TargetPart } from '../../targets/target.ts';
import { beyond, statementsOf, withText } from '../statements.ts';
import { holdingOf } from '../timeline/timeline.ts';
import { isOfOthers, type Proposing } from './removed.ts';
import { whyNotProved } from './whyNotProved.ts';

type TightenedContent =
  | { readonly kind: 'tightened'; readonly candidate: Snapshot }
  | { readonly kind: 'none'; readonly why: string };

/** Returns what stands, with no more in the free parts than each of `befores` grants, if it is proved that it may be written. */
export async function tighten(
  free: readonly string[],
  befores: readonly Snapshot[],
  proposing: Proposing,
): Promise<TightenedContent> {
  const { live, answering, dependencies } = proposing;
  let found = live;
  for (const previous of befores) {
    const [existing, updated] = [toRoledPolicies(previous), toRoledPolicies(found)];
    if (existing === undefined || updated === undefined)
      return { kind: 'none', why: 'a document cannot be read' };
    // A text that is gone may have held a Deny that is to come back where it stood.
    const gone = previous.parts.filter((part) => !isOfOthers(part, dependencies));
    const all = [...found.parts, ...gone].filter((part) => isIn(free, part));
    const touched = [...new Set(all.map(({ id }) => id))];
    const tightened = await answering.engine.tighten({ existing, updated, touched });
    if (tightened.result === 'declined') return { kind: 'none', why: tightened.cause };
    found = withDenies(asHeld(tightened.documents, { content: found, previous, dependencies }), {
      free,
      previous,
      dependencies,
    });
  }
  let why = '';
  for (const candidate of groupsWhole(found, live)) {
    const whyNot = await whyNotProved(candidate, proposing, false);
    if (whyNot === undefined) return { kind: 'tightened', candidate };
    why = whyNot;
  }
  return { kind: 'none', why };
}

type Changing = { readonly previous: Snapshot; readonly dependencies: Proposing['dependencies'] };

/** The content with the documents as its parts: of what others hold too, whole ones. */
function asHeld(
  documents: readonly TightenedDocument[],
  { content, previous, dependencies }: Changing & { readonly content: Snapshot },
): Snapshot {
  const changed = new Map(documents.map((one) => [one.name, one.policy]));
  const parts = content.parts.flatMap((part): TargetPart[] => {
    if (!changed.has(part.id)) return [part];
    const policy = changed.get(part.id);
    if (policy !== undefined && isOfOthers(part, dependencies) && !isText(policy.source, part))
      return part.role === 'boundary' ? [part] : [];
    // AWS takes no policy without a statement.
    if (policy !== undefined && policy.statements.length > 0) return [{ ...part, document: policy.source }];
    return isNeverWithout(part, content) ? [leastPart(part)] : [];
  });
  for (const { name, role, policy } of documents) {
    if (policy === undefined || content.parts.some(({ id }) => id === name)) continue;
    const was = previous.parts.find(({ id }) => id === name);
    const part = { id: name, role, document: policy.source };
    if (!isOfOthers(part, dependencies)) parts.push(part);
    else if (was !== undefined && isText(policy.source, was)) parts.push(was);
  }
  return replaceParts(content, parts);
}

/** Returns true iff the part is among them, or the membership by which it is held. */
export function isIn(ids: readonly string[], { id }: Pick<TargetPart, 'id'>): boolean {
  return ids.includes(id) || ids.includes(holdingOf(id) ?? id);
}

/** A principal is in a group with all that it gives, or not in it: the content with such groups whole, and without them. */
function groupsWhole(content: Snapshot, live: Snapshot): readonly Snapshot[] {
  const isKept = ({ id }: TargetPart) => content.parts.some((part) => part.id === id);
  const groupsOf = (parts: readonly TargetPart[]) =>
    parts.flatMap(({ id }) => (id.startsWith('group:') ? (holdingOf(id) ?? []) : []));
  const kept = groupsOf(live.parts.filter(isKept));
  const split = groupsOf(live.parts.filter((part) => !isKept(part))).filter((group) => kept.includes(group));
  if (split.length === 0) return [content];
  const isSplit = (part: TargetPart) => isIn(split, part);
  const others = content.parts.filter((part) => !isSplit(part));
  return [replaceParts(content, [...others, ...live.parts.filter(isSplit)]), replaceParts(content, others)];
}

function isText(text: string, { document }: TargetPart): boolean {
  return document !== undefined && canonicalDocument(text) === canonicalDocument(document);
}

/** A Deny that went comes back, whoever else may grant what it denied. */
function withDenies(
  candidate: Snapshot,
  { free, previous, dependencies }: Changing & { readonly free: readonly string[] },
): Snapshot {
  const parts = new Map(candidate.parts.map((part) => [part.id, part]));
  for (const part of previous.parts) {
    if (!free.includes(part.id) || isOfOthers(part, dependencies)) continue;
    const there = parts.get(part.id);
    const lost = beyond(part.document, there?.document, 'Deny');
    if (lost.length === 0) continue;
    parts.set(part.id, withText(there ?? part, [...statementsOf(there?.document), ...lost]));
  }
  return replaceParts(candidate, [...parts.values()]);
}

/** Kinds that always hold a text. */
const NEVER_WITHOUT: ReadonlySet<string> = new Set([
  'managed-policy',
  'role-trust',
  'kms-key',
  'topic-policy',
  'organizations-policy',
  'multi-region-access-point-policy',
]);

/** Returns true iff AWS always holds a text there. */
export function isNeverWithout({ id }: TargetPart, { target }: Snapshot): boolean {
  return id === 'document' && NEVER_WITHOUT.has(target.kind);
}

/** Returns the part with a text that allows and denies nothing: the first statement, as a Deny under conditions that no request meets. */
export function leastPart(part: TargetPart): TargetPart {
  if (part.document === undefined) return part;
  const [first] = statementsOf(part.document);
  const never = { 'aws:PrincipalAccount': '000000000000' };
  const Condition = { StringEquals: never, StringNotEquals: never };
  return withText(part, [{ ...first, Effect: 'Deny', Condition }]);
}
