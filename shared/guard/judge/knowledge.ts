/**
 * Who is privileged. One small note names the administrators that reads have shown; it is written only when one comes
 * or goes. What is known of a principal that a policy names is read from its own state, else from AWS, a few at most.
 */
import * as v from 'valibot';
import type { Engine } from '../../checks/index.ts';
import { isAdministrator } from '../../consequences/findConsequences.ts';
import type { Knowledge, PrincipalFacts } from '../../consequences/holder.ts';
import type { PolicySet } from '../../policy/policySet.ts';
import type { Snapshot, TargetKind, TargetRef } from '../../targets/target.ts';
import { toSnapshot } from '../contents.ts';
import type { GuardDependencies } from '../contract.ts';
import { swapNote } from '../swapNote.ts';
import { lastReadOf } from '../timeline/timeline.ts';
import { toPolicySet } from './policySet.ts';

const NOTE = 'administrators';
const noteSchema: v.GenericSchema<unknown, readonly string[]> = v.array(v.string());

/** More are not remembered: an account with so many has no use for their names. */
const MAX_ADMINISTRATORS = 200;
/** Principals that are looked up for one step; the others count as not known. */
const MAX_LOOKED_UP = 8;

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
  const is = snapshot.exists && (await isPrivileged(snapshot, engine));
  await swapNote(store, NOTE, noteSchema, [], (known) => {
    if (known.includes(target.arn) === is) return { next: known, result: undefined };
    const next = is
      ? [...known, target.arn].slice(-MAX_ADMINISTRATORS)
      : known.filter((arn) => arn !== target.arn);
    return { next, result: undefined };
  });
}

async function isPrivileged(snapshot: Snapshot, engine: Neighbours['engine']): Promise<boolean> {
  const result = toPolicySet(snapshot);
  return result.kind === 'set' && (await isAdministrator(result.set, engine));
}

/** Returns what is known about the principals that the set names, and about the target itself. */
export async function knowledgeOf(
  set: PolicySet,
  target: TargetRef,
  neighbours: Neighbours,
): Promise<Knowledge> {
  const found = await neighbours.store.readNote(NOTE);
  const parsed = v.safeParse(noteSchema, found?.value ?? []);
  const administrators = new Set(parsed.success ? parsed.output : []);
  const facts = new Map<string, PrincipalFacts>();
  const named = principalsIn(set, target).slice(0, MAX_LOOKED_UP);
  for (const arn of target.kind === 'role-trust' ? [target.arn] : named) {
    const known = await factsOf(arn, target, neighbours);
    if (known === undefined) continue;
    facts.set(arn, known);
    if (known.isAdministrator) administrators.add(arn);
    else administrators.delete(arn);
  }
  administrators.delete(target.kind === 'role-trust' ? '' : target.arn);
  return { factsOf: (arn) => facts.get(arn), administrators: [...administrators] };
}

/** Roles and users of the own account that Allows name in full. */
function principalsIn({ policies }: PolicySet, { accountId }: TargetRef): string[] {
  const resources = policies.flatMap(({ policy }) =>
    policy.statements.flatMap(({ effect, resource }) =>
      effect === 'Allow' && resource !== undefined && !resource.negated
        ? resource.patterns.map(({ text }) => text)
        : [],
    ),
  );
  const named = new RegExp(`^arn:[\\w-]+:iam::${accountId}:(role|user)/[^*?$]+$`);
  return [...new Set(resources)].filter((text) => named.test(text));
}

/** Undefined: AWS did not tell, or the principal is not there. */
async function factsOf(
  arn: string,
  target: TargetRef,
  neighbours: Neighbours,
): Promise<PrincipalFacts | undefined> {
  const held = await contentOf('iam-principal', arn, target, neighbours);
  if (held === undefined) return undefined;
  const trust = arn.includes(':role/') ? await contentOf('role-trust', arn, target, neighbours) : undefined;
  return {
    isAdministrator: await isPrivileged(held, neighbours.engine),
    trusts: trust === undefined ? [] : servicesIn(trust),
  };
}

async function contentOf(
  kind: TargetKind,
  arn: string,
  { accountId, region }: TargetRef,
  { store, adapters, clientsFor }: Neighbours,
): Promise<Snapshot | undefined> {
  const target = { kind, arn, accountId, region };
  try {
    const timeline = (await store.readState(target))?.value.timeline;
    const last = timeline && lastReadOf(timeline);
    const snapshot =
      last === undefined
        ? await adapters[kind].read(target, clientsFor(target))
        : await toSnapshot(last.content, target, store);
    return snapshot.exists ? snapshot : undefined;
  } catch {
    // Knowing less is no reason to judge nothing: whoever is not known may be anything.
    return undefined;
  }
}

function servicesIn(trust: Snapshot): string[] {
  const result = toPolicySet(trust);
  // A trust policy that cannot be read may let in any service.
  if (result.kind !== 'set') return ['*'];
  const patterns = result.set.policies.flatMap(({ policy }) =>
    policy.statements.flatMap(({ effect, principal }) => (effect === 'Allow' ? (principal ?? []) : [])),
  );
  if (patterns.some(({ negated }) => negated)) return ['*'];
  return patterns.flatMap((element) =>
    element.patterns.flatMap((pattern) =>
      pattern.kind === 'Service' ? [pattern.value] : pattern.kind === 'everyone' ? ['*'] : [],
    ),
  );
}
