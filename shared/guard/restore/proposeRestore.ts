/**
 * Which content is to be written so that what a change added goes? In order: the content without the removed edits, which
 * is often exactly the previous text; then what stands, tightened. One proof decides of both.
 */
import type { Restore, RoledPolicy } from '../../checks/index.ts';
import type { Addition } from '../../findings/finding.ts';
import { absentSnapshot, canonicalDocument, makeSnapshot, partDocument } from '../../targets/snapshot.ts';
import type { Snapshot, TargetPart } from '../../targets/target.ts';
import { toSnapshot } from '../contents.ts';
import type { LaterPart, RestoreNeed, RestoreVerdict } from '../derive/needs.ts';
import type { Answering } from '../judge/answering.ts';
import { judgeRemains, questionOf } from '../judge/judgeRemains.ts';
import { type JudgeDependencies, judgeStep } from '../judge/judgeStep.ts';
import { judging } from '../judge/judging.ts';
import { asUnderstood, toPolicySet, toRoledPolicies } from '../judge/policySet.ts';
import { findStoredSnapshot, keepSnapshot } from '../snapshotDocument.ts';
import type { GuardStore } from '../state.ts';
import { allowsBeyond, statementsOf, withStatements, withText } from '../statements.ts';

/** An addition that is to go, and the contents of its step. */
type Unwanted = { readonly addition: Addition; readonly before: Snapshot; readonly after: Snapshot };

/** One step whose additions are to go. */
type Removed = { readonly parts: readonly string[]; readonly unwanted: readonly Unwanted[] };

type Proposing = {
  readonly need: RestoreNeed;
  readonly live: Snapshot;
  readonly removed: readonly Removed[];
  readonly answering: Answering;
  readonly dependencies: JudgeDependencies;
};

/** Returns the content to write, kept and proved, or why there is none. */
export async function proposeRestore(need: RestoreNeed, answering: Answering): Promise<RestoreVerdict> {
  const { store, target } = answering;
  const live = await toSnapshot(need.live.content, target, store);
  const removed = await loadRemoved(need, live, answering);
  if (removed === undefined) return none('a version that the guard remembers cannot be read');
  const dependencies = judging(answering);
  const proposing: Proposing = { need, live, removed, answering, dependencies };
  let why = whyNotFree(need, target.arn);
  // What was written later counts where the step's own parts are not enough.
  for (const named of [need.free, [...need.free, ...need.later.map(({ id }) => id)]]) {
    const free = named.filter((id) => !isSharedText(id, proposing));
    if (free.length === 0) continue;
    const previous = await withoutEdits(free, proposing);
    const others = await addedByOthers(free, proposing);
    const whyNot =
      others.length > 0
        ? 'it lacks what others added since'
        : await whyNotProved(previous, proposing, need.mayRestorePrevious);
    if (whyNot === undefined) return propose(previous, { how: 'previous', losesOld: false }, answering);
    const kept = await tighten(free, withStatements(previous, others, live), proposing);
    const isLast = kept.kind === 'tightened' || others.length === 0;
    const tightened = isLast ? kept : await tighten(free, previous, proposing);
    if (tightened.kind === 'tightened') {
      const losesOld = tightened.losesOld || !isLast;
      if (!losesOld || need.mayLoseOld)
        return propose(tightened.candidate, { how: 'tighten', losesOld }, answering);
      why =
        'removing what the change added would also take away access that was granted before, or that others added since';
    } else
      why = `neither the previous version (${whyNot}) nor a tightened one (${tightened.why}) may be written`;
  }
  return none(why);
}

function none(why: string): RestoreVerdict {
  return { kind: 'none', why };
}

async function propose(
  candidate: Snapshot,
  said: { readonly how: 'previous' | 'tighten'; readonly losesOld: boolean },
  { store }: Answering,
): Promise<RestoreVerdict> {
  return {
    kind: 'candidate',
    ...said,
    snapshot: await keepSnapshot(store, candidate),
    contentHash: candidate.contentHash,
  };
}

/** Undefined: one of the contents is lost. */
async function loadRemoved(
  { removals, spared, left }: RestoreNeed,
  live: Snapshot,
  { store, target }: Answering,
): Promise<Removed[] | undefined> {
  const removed: Removed[] = [];
  const kept: TargetPart[] = [];
  for (const { part, adds } of spared)
    kept.push({ id: part, role: 'resource', document: await store.getDocument(adds) });
  // What exempt steps have written since stays, whatever the removed steps granted of it.
  const stays = live.parts.filter(({ id }) => left.includes(id));
  for (const { parts, additions, woken } of removals) {
    const unwanted: Unwanted[] = [];
    for (const addition of additions) {
      const { versions } = addition;
      const before =
        versions.before === undefined
          ? absentSnapshot(target)
          : await findStoredSnapshot(store, versions.before);
      const after = await findStoredSnapshot(store, versions.after);
      if (before === undefined || after === undefined) return undefined;
      const asleep = woken.length === 0 ? before : await withParts(after, woken, store);
      const written = stays.filter(
        ({ id, role, document }) => role !== 'boundary' && document !== partDocument(after, id),
      );
      const others = asleep.parts.filter(({ id }) => !written.some((part) => part.id === id));
      const spares = makeSnapshot({ ...asleep, parts: [...others, ...written] });
      unwanted.push({ addition, before: withStatements(spares, kept, live), after });
    }
    removed.push({ parts, unwanted });
  }
  return removed;
}

/** The content with the parts as they were. */
async function withParts(
  content: Snapshot,
  parts: readonly LaterPart[],
  store: GuardStore,
): Promise<Snapshot> {
  const were = await toSnapshot(
    { exists: true, parts: parts.flatMap(({ was }) => was ?? []) },
    content.target,
    store,
  );
  const kept: TargetPart[] = [];
  for (const { id, snapshot } of parts) {
    const found = snapshot === undefined ? were : await findStoredSnapshot(store, snapshot);
    kept.push(...(found?.parts.filter((part) => part.id === id) ?? []));
  }
  const others = content.parts.filter(({ id }) => !parts.some((part) => part.id === id));
  return makeSnapshot({ ...content, parts: [...others, ...kept] });
}

/** An attached policy, a boundary or what a group gives: its text is written at its own target, and never here. */
function isSharedText(id: string, { live, removed }: Proposing): boolean {
  if (live.target.kind !== 'iam-principal') return false;
  if (/^group:[^/]+\//.test(id)) return true;
  if (!/^(attached|boundary|group):/.test(id)) return false;
  const before = removed.find(({ parts }) => parts.includes(id))?.unwanted[0]?.before;
  const [now, then] = [live, before].map((content) => content?.parts.find((part) => part.id === id));
  if (now === undefined || then === undefined) return false;
  return now.uid === undefined || then.uid === undefined || now.uid === then.uid;
}

function whyNotFree({ free }: RestoreNeed, arn: string): string {
  return free.length === 0
    ? 'somebody exempt wrote what stands there since'
    : `it comes from a text that \`${arn}\` shares with others, and is removed there`;
}

/** What AWS holds, with each free part as it was before the first of the steps that touched it. */
async function withoutEdits(
  free: readonly string[],
  { need, live, removed, answering }: Proposing,
): Promise<Snapshot> {
  const later = await withParts(live, need.later, answering.store);
  const befores = free.map(
    (id) => removed.find(({ parts }) => parts.includes(id))?.unwanted[0]?.before ?? later,
  );
  const isGone = ({ id }: TargetPart) => free.includes(id) || free.includes(groupOf(id));
  const parts: TargetPart[] = live.parts.filter((part) => !isGone(part));
  for (const [index, id] of free.entries()) {
    const was = befores[index]?.parts.find((one) => one.id === id);
    const there = live.parts.find((part) => part.id === id);
    if (was === undefined && there !== undefined && isNeverWithout(there, live)) parts.push(leastPart(there));
    else parts.push(...(await asOfNow(was, live, answering)));
  }
  const candidate = makeSnapshot({ ...live, parts });
  // As it was read, with everything that writing it needs.
  return befores.find(({ contentHash }) => contentHash === candidate.contentHash) ?? candidate;
}

/**
 * What steps that are not to go added to the free parts: each part with the statements that allow it. Between two removed
 * steps, and after the last, is somebody else's doing.
 */
async function addedByOthers(
  free: readonly string[],
  { live, removed, dependencies }: Proposing,
): Promise<readonly TargetPart[]> {
  const isFree = ({ id }: TargetPart) => free.includes(id);
  const beside = live.parts.filter((part) => !isFree(part));
  const found: TargetPart[] = [];
  for (const [index, { unwanted }] of removed.entries()) {
    const earlier = unwanted[0]?.after.parts.filter(isFree) ?? [];
    const later = (removed[index + 1]?.unwanted[0]?.before ?? live).parts.filter(isFree);
    const [before, after] = [earlier, later].map((parts) =>
      makeSnapshot({ ...live, parts: [...beside, ...parts] }),
    );
    if (before === undefined || after === undefined || before.contentHash === after.contentHash) continue;
    const added = await judgeStep({ before, after, isListsOnly: false }, dependencies);
    if (added.length === 0) continue;
    for (const part of later) {
      const was = earlier.find(({ id }) => id === part.id);
      found.push(withText(part, allowsBeyond(part.document, was?.document)));
    }
  }
  return found;
}

/** A text that is shared may say something else by now, or be another one under the same name. */
async function asOfNow(
  part: TargetPart | undefined,
  live: Snapshot,
  { adapters, clientsFor, target }: Answering,
): Promise<readonly TargetPart[]> {
  if (part === undefined) return [];
  const [, kind, name] = /^(attached|boundary|group):(.*)$/.exec(part.id) ?? [];
  if (target.kind !== 'iam-principal' || kind === undefined) return [part];
  const asked = kind === 'group' ? part.id : `attached:${name}`;
  const without = makeSnapshot({ ...live, parts: live.parts.filter(({ id }) => id !== asked) });
  const added = await adapters[target.kind].withAddition?.(without, asked, clientsFor(target));
  const now = (added?.parts ?? []).filter(({ id }) => id === asked || id.startsWith(`${asked}/`));
  const [found] = now;
  const isSame =
    found !== undefined && (found.uid === undefined || part.uid === undefined || found.uid === part.uid);
  if (!isSame) return [{ ...part, document: undefined }];
  return kind === 'boundary' ? [{ ...found, id: part.id, role: part.role }] : now;
}

/** Returns why the candidate must not be written, one sentence; undefined iff it is proved that it may. */
async function whyNotProved(
  candidate: Snapshot,
  proposing: Proposing,
  mayGrantAgain: boolean,
): Promise<string | undefined> {
  const { live, removed, answering, dependencies } = proposing;
  const unwanted = removed.flatMap((one) => one.unwanted);
  const boundaries = candidate.parts.filter(({ role }) => role === 'boundary');
  if (candidate.target.kind === 'iam-principal' && boundaries.length > 1)
    return 'a principal has one permissions boundary, and it would need two';
  const [now, next] = [understood(live), understood(candidate)];
  if (now === undefined || next === undefined) return 'a document cannot be read, so nothing can be proved';
  const again = mayGrantAgain ? unwanted.flatMap(({ before }) => understood(before) ?? []) : [];
  const proof = await answering.engine.proveRestore({
    live: [...now, ...again],
    candidate: next,
    removed: unwanted.flatMap((one) => toRemovedStep(one, dependencies)),
    eachDocument: !mayGrantAgain && dependencies.adapter.grantedElsewhere(live.target) !== 'nowhere',
  });
  if (proof.result === 'refuted')
    return `it ${proof.obligation.replace('nothing remains', 'leaves some of what the change added')}: not so`;
  if (proof.result === 'undecided')
    return `whether it ${proof.obligation} could not be decided: ${proof.cause}`;
  for (const { addition, before, after } of unwanted) {
    const left = await judgeRemains({ addition, before, after, live: candidate }, dependencies);
    if (left === 'granted' || left === 'unknown')
      return 'it is not proved that nothing of what the change added remains';
  }
  if (!mayGrantAgain) return undefined;
  const granted = await judgeStep({ before: live, after: candidate, isListsOnly: false }, dependencies);
  const isGrave = granted.some(({ check, grade }) => check !== 'no-new-access' || grade === 'HIGH');
  return isGrave ? 'it would grant again what no change may grant' : undefined;
}

function understood(snapshot: Snapshot): readonly RoledPolicy[] | undefined {
  const policies = toRoledPolicies(snapshot);
  return policies?.map((one) => ({ ...one, policy: asUnderstood(one.policy, snapshot.target) }));
}

function toRemovedStep(
  { addition, before, after }: Unwanted,
  dependencies: JudgeDependencies,
): Restore['removed'] {
  const [was, then] = [toPolicySet(before), toPolicySet(after)];
  // What others grant beside is looked at apart.
  if (was.kind !== 'set' || then.kind !== 'set' || addition.isBeside === true) return [];
  return [{ before: was.set, after: then.set, question: questionOf(addition, before, dependencies) }];
}

type TightenedContent =
  | { readonly kind: 'tightened'; readonly candidate: Snapshot; readonly losesOld: boolean }
  | { readonly kind: 'none'; readonly why: string };

/** What stands, with no more in the free parts than `previous` grants. */
async function tighten(
  free: readonly string[],
  previous: Snapshot,
  proposing: Proposing,
): Promise<TightenedContent> {
  const { live, answering } = proposing;
  // Settings are written as a whole; what lies between two of them nobody has seen.
  if (live.restoreHints !== undefined && live.target.kind !== 'kms-key')
    return { kind: 'none', why: 'a setting is only written as it was' };
  const [existing, updated] = [toRoledPolicies(previous), toRoledPolicies(live)];
  if (existing === undefined || updated === undefined)
    return { kind: 'none', why: 'a document cannot be read' };
  const tightened = await answering.engine.tighten({
    existing,
    updated,
    touched: live.parts.map(({ id }) => id).filter((id) => free.includes(id) || free.includes(groupOf(id))),
  });
  if (tightened.result === 'declined') return { kind: 'none', why: tightened.cause };
  const changed = new Map(tightened.documents.map((one) => [one.name, one.policy]));
  let losesOld = tightened.losesOld;
  const parts = live.parts.flatMap((part): TargetPart[] => {
    if (!changed.has(part.id)) return [part];
    const policy = changed.get(part.id);
    if (policy !== undefined && isOfOthers(part, live) && !isText(policy.source, part)) {
      losesOld = true;
      return part.role === 'boundary' ? [part] : [];
    }
    // AWS takes no policy without a statement.
    if (policy !== undefined && policy.statements.length > 0) return [{ ...part, document: policy.source }];
    return isNeverWithout(part, live) ? [leastPart(part)] : [];
  });
  for (const { name, role, policy } of tightened.documents) {
    if (policy === undefined || live.parts.some(({ id }) => id === name)) continue;
    const was = previous.parts.find(({ id }) => id === name);
    const part = { id: name, role, document: policy.source };
    if (!isOfOthers(part, live)) parts.push(part);
    else if (was !== undefined && isText(policy.source, was)) parts.push(was);
  }
  const found = withDenies(makeSnapshot({ ...live, parts }), free, previous);
  let why = '';
  for (const candidate of groupsWhole(found, live)) {
    const whyNot = await whyNotProved(candidate, proposing, false);
    if (whyNot === undefined) {
      // What a group gave and nobody wanted removed goes with it.
      const isLeft = candidate.parts.length < found.parts.length;
      return { kind: 'tightened', candidate, losesOld: losesOld || isLeft };
    }
    why = whyNot;
  }
  return { kind: 'none', why };
}

/** The membership by which the part is held; the part itself where it is held by none. */
function groupOf(id: string): string {
  return id.replace(/^(group:[^/]+)\/.*$/, '$1');
}

/** A principal is in a group with all that it gives, or not in it: the content with such groups whole, and without them. */
function groupsWhole(content: Snapshot, live: Snapshot): readonly Snapshot[] {
  const isKept = ({ id }: TargetPart) => content.parts.some((part) => part.id === id);
  const split = new Set(
    live.parts
      .filter((part) => part.id.startsWith('group:') && isKept(part))
      .map(({ id }) => groupOf(id))
      .filter((group) => live.parts.some((part) => groupOf(part.id) === group && !isKept(part))),
  );
  if (split.size === 0) return [content];
  const isSplit = ({ id }: TargetPart) => split.has(groupOf(id));
  const others = content.parts.filter((part) => !isSplit(part));
  return [
    makeSnapshot({ ...content, parts: [...others, ...live.parts.filter(isSplit)] }),
    makeSnapshot({ ...content, parts: others }),
  ];
}

/** What a principal holds of others: it is there whole, or not at all. */
function isOfOthers({ id }: Pick<TargetPart, 'id'>, { target }: Snapshot): boolean {
  return target.kind === 'iam-principal' && !id.startsWith('inline:');
}

function isText(text: string, { document }: TargetPart): boolean {
  return document !== undefined && canonicalDocument(text) === canonicalDocument(document);
}

/** A Deny that went comes back, whoever else may grant what it denied. */
function withDenies(candidate: Snapshot, free: readonly string[], previous: Snapshot): Snapshot {
  const parts = new Map(candidate.parts.map((part) => [part.id, part]));
  for (const part of previous.parts) {
    if (!free.includes(part.id) || isOfOthers(part, candidate)) continue;
    const there = statementsOf(parts.get(part.id)?.document);
    const known = new Set(there.map((one) => JSON.stringify(one)));
    const lost = statementsOf(part.document).filter(
      (one) => one['Effect'] === 'Deny' && !known.has(JSON.stringify(one)),
    );
    if (lost.length > 0) parts.set(part.id, withText(parts.get(part.id) ?? part, [...there, ...lost]));
  }
  return makeSnapshot({ ...candidate, parts: [...parts.values()] });
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

function isNeverWithout({ id }: TargetPart, { target }: Snapshot): boolean {
  return id === 'document' && NEVER_WITHOUT.has(target.kind);
}

/** Allows nothing and denies nobody: the first statement, as a Deny for an account that does not exist. */
function leastPart(part: TargetPart): TargetPart {
  if (part.document === undefined) return part;
  const [first] = statementsOf(part.document);
  const Condition = { StringEquals: { 'aws:PrincipalAccount': '000000000000' } };
  return withText(part, [{ ...first, Effect: 'Deny', Condition }]);
}
