/**
 * Who is privileged. One small note names the administrators that reads have shown; it is written only when one comes
 * or goes. What is known of a principal that a policy names is read from its own state, else from AWS, a few at most.
 */
import * as v from 'valibot';
import type { Engine } from '../../checks/index.ts';
import type { Grade } from '../../consequences/grade.ts';
import { type Knowledge, NOTHING_KNOWN, type PrincipalFacts } from '../../consequences/holder.ts';
import { mayLetIn, principalsIn, servicesIn } from '../../consequences/trust.ts';
import type { PolicySet } from '../../policy/policySet.ts';
import { loadReference } from '../../reference/reference.ts';
import { toPolicySet, toRoledPolicies } from '../../targets/policySet.ts';
import type { Snapshot, TargetKind, TargetRef } from '../../targets/target.ts';
import { toSnapshot } from '../contents.ts';
import type { GuardDependencies } from '../contract.ts';
import { type Note, readNote, swapNote } from '../note.ts';
import { lastReadOf } from '../timeline/timeline.ts';

const NOTE: Note<readonly string[]> = { name: 'administrators', schema: v.array(v.string()), empty: [] };

/** More are not remembered: an account with so many has no use for their names. */
const MAX_ADMINISTRATORS = 200;
/** Principals that are looked up for one step; the others count as not known. */
const MAX_LOOKED_UP = 8;
/** Administrators whose trust is looked up where a step lets somebody pass roles. */
const MAX_TRUSTS = 20;

type Neighbours = Pick<GuardDependencies, 'store' | 'adapters' | 'clientsFor'> & {
  readonly engine: Pick<Engine, 'checkAccessNotGranted'>;
};

/** Remembers whether the principal, as just read, is an administrator. Writes only when that changed. */
export async function noteAdministrator(
  snapshot: Snapshot,
  { store, engine }: Pick<Neighbours, 'store' | 'engine'>,
): Promise<void> {
  const { target } = snapshot;
  if (target.kind !== 'iam-principal' || target.arn.includes(':group/')) return;
  const is = snapshot.exists && (await holds(snapshot, 'administrator', { store, engine }));
  await swapNote(store, NOTE, (known) => {
    if (known.includes(target.arn) === is) return { next: known, result: undefined };
    const next = is
      ? [...known, target.arn].slice(-MAX_ADMINISTRATORS)
      : known.filter((arn) => arn !== target.arn);
    return { next, result: undefined };
  });
}

/** Returns what is known about the principals that the set names, and about the target itself. */
export async function knowledgeOf(
  set: PolicySet,
  target: TargetRef,
  neighbours: Neighbours,
): Promise<Knowledge> {
  const administrators = new Set((await readNote(neighbours.store, NOTE)).value);
  const facts = new Map<string, PrincipalFacts>();
  const named = principalsIn(set, target.accountId).slice(0, MAX_LOOKED_UP);
  for (const arn of target.kind === 'role-trust' ? [target.arn] : named) {
    const known = await factsOf(arn, target, neighbours);
    if (known === undefined) continue;
    facts.set(arn, known);
    if (known.isAdministrator) administrators.add(arn);
    else administrators.delete(arn);
  }
  administrators.delete(target.kind === 'role-trust' ? '' : target.arn);
  const { createCallProbe } = await import('../../consequences/callProbe.ts');
  const probe = createCallProbe(set, neighbours.engine);
  if (['iam:PassRole', 'sts:AssumeRole'].some((action) => probe.mentions(action)))
    for (const arn of [...administrators].filter((one) => !facts.has(one)).slice(-MAX_TRUSTS)) {
      const trust = arn.includes(':role/')
        ? await contentOf('role-trust', arn, target, neighbours)
        : undefined;
      if (trust !== undefined)
        facts.set(arn, {
          isAdministrator: true,
          isPrivileged: true,
          ...(await trustOf(trust, target, neighbours)),
        });
    }
  return { factsOf: (arn) => facts.get(arn), administrators: [...administrators] };
}

/** Undefined: AWS did not tell, or the principal is not there. */
async function factsOf(
  arn: string,
  target: TargetRef,
  neighbours: Neighbours,
): Promise<PrincipalFacts | undefined> {
  const held = await contentOf('iam-principal', arn, target, neighbours);
  if (held === undefined || toPolicySet(held).kind !== 'set') return undefined;
  const trust = arn.includes(':role/') ? await contentOf('role-trust', arn, target, neighbours) : undefined;
  return {
    isAdministrator: await holds(held, 'administrator', neighbours),
    isPrivileged: await holds(held, 'privileged', neighbours),
    ...(trust === undefined ? { trusts: [] } : await trustOf(trust, target, neighbours)),
  };
}

async function trustOf(
  trust: Snapshot,
  caller: TargetRef,
  neighbours: Neighbours,
): Promise<Pick<PrincipalFacts, 'trusts' | 'letsIn'>> {
  const letsIn = await asksWho(caller, trust, neighbours);
  const read = toPolicySet(trust);
  // A trust policy that cannot be read may let in any service.
  return {
    trusts: read.kind === 'set' ? servicesIn(read.set) : ['*'],
    ...(letsIn === undefined ? {} : { letsIn }),
  };
}

/**
 * Returns false iff the trust policy is proved to let the caller in by no call; undefined where the caller is not one
 * role or user. What a condition asks of a session (a tag, an external id, a second factor) the caller may have.
 */
async function asksWho(
  { kind, arn }: TargetRef,
  trust: Snapshot,
  { store, engine }: Pick<Neighbours, 'store' | 'engine'>,
): Promise<boolean | undefined> {
  const documents = toRoledPolicies(trust);
  if (kind !== 'iam-principal' || !/:(?:role|user)\//.test(arn) || documents === undefined) return undefined;
  const key = `lets in ${trust.contentHash} ${arn}`;
  const known = await store.getVerdict(key);
  if (typeof known === 'boolean') return known;
  const answer = await mayLetIn(documents, arn, engine);
  await store.putVerdict(key, answer);
  return answer;
}

/** What a permission set gives whoever is assigned it; undefined: it could not be read. */
export async function gradeOfPermissionSet(
  arn: string,
  target: TargetRef,
  neighbours: Neighbours & { readonly engine: Pick<Engine, 'listNewAccess'> },
): Promise<Grade | undefined> {
  const content = await contentOf('permission-set', arn, target, neighbours);
  const set = content && toPolicySet(content);
  if (set?.kind !== 'set') return undefined;
  const nothing = { policies: [] };
  const { findConsequences } = await loadConsequences();
  const { grade } = await findConsequences(
    {
      after: set.set,
      before: nothing,
      holder: { policyArns: [], groupArns: [] },
      knowledge: NOTHING_KNOWN,
      newAccess: await neighbours.engine.listNewAccess(nothing, set.set),
    },
    neighbours.engine,
    await loadReference(),
  );
  return grade;
}

/** Returns true iff the guard has read the bucket's policy and its ACL, and neither lets in the public. */
export async function isClosedBucket(
  target: TargetRef,
  { engine, store }: Pick<Neighbours, 'store'> & { readonly engine: Pick<Engine, 'remains'> },
): Promise<boolean> {
  for (const kind of ['bucket-policy', 'bucket-acl'] as const) {
    const content = await storedOf({ ...target, kind }, store);
    const set = content && toPolicySet(content);
    if (set?.kind !== 'set') return false;
    const asked = await engine.remains(
      { before: { policies: [] }, after: set.set },
      { check: 'no-public-access', resourceType: 'AWS::S3::Bucket' },
      { resultOnly: true },
    );
    if (asked.result !== 'PASS') return false;
  }
  return true;
}

/** The catalogue is loaded at the first principal: most targets are none. */
const loadConsequences = () => import('../../consequences/findConsequences.ts');

const QUESTIONS = { administrator: 'isAdministrator', privileged: 'isPrivileged' } as const;

/** What the documents of a principal amount to, asked once for the same documents. */
async function holds(
  held: Snapshot,
  what: keyof typeof QUESTIONS,
  { store, engine }: Pick<Neighbours, 'store' | 'engine'>,
): Promise<boolean> {
  const key = `${what} 3 ${held.contentHash}`;
  const known = await store.getVerdict(key);
  if (typeof known === 'boolean') return known;
  const result = toPolicySet(held);
  const consequences = await loadConsequences();
  const answer = result.kind === 'set' && (await consequences[QUESTIONS[what]](result.set, engine));
  await store.putVerdict(key, answer);
  return answer;
}

/** Undefined: AWS did not tell, or it is not there. */
async function contentOf(
  kind: TargetKind,
  arn: string,
  { accountId, region }: TargetRef,
  { store, adapters, clientsFor }: Omit<Neighbours, 'engine'>,
): Promise<Snapshot | undefined> {
  const target = { kind, arn, accountId, region };
  try {
    const found = (await storedOf(target, store)) ?? (await adapters[kind].read(target, clientsFor(target)));
    return found.exists ? found : undefined;
  } catch {
    // Knowing less is no reason to judge nothing: whoever is not known may be anything.
    return undefined;
  }
}

/** What the guard read last; undefined: it never did. */
async function storedOf(target: TargetRef, store: Neighbours['store']): Promise<Snapshot | undefined> {
  const timeline = (await store.readState(target))?.value.timeline;
  const last = timeline && lastReadOf(timeline);
  return last === undefined ? undefined : toSnapshot(last.content, target, store);
}
