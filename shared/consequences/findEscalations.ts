/**
 * Which escalation paths can a principal go? Asked of everything it can do, so that two documents that each look
 * harmless are seen together. A path counts iff every call of it is granted, on resources that fit together. What is
 * known to lead nowhere does not count: a role that does not trust the service, a user who is no administrator.
 */

import { isDeepStrictEqual } from 'node:util';
import type { Engine } from '../checks/index.ts';
import type { Request } from '../evaluator/request.ts';
import type { PolicySet } from '../policy/policySet.ts';
import { type CallProbe, createCallProbe, type GrantedCall } from './callProbe.ts';
import { entityIn, entityOf } from './entities.ts';
import { ESCALATION_PATHS } from './escalationPaths.ts';
import { type Holder, type Knowledge, mayTrust } from './holder.ts';
import { attachingLess, notCounting } from './notCounting.ts';
import type { EscalationPath } from './paths/path.ts';

/** On what a path works: the principal itself, principals that no statement names, or named ones only. */
type Scope = 'itself' | 'anyone' | 'named';

/** A path that a principal can go. */
export type Escalation = {
  readonly path: EscalationPath;
  /** One granted request for each step, in the order of the path's steps. */
  readonly calls: readonly Request[];
  readonly scope: Scope;
  /** ARN of a known administrator that the path leads to. */
  readonly leadsTo?: string;
  /** ARN of the one principal it leads to, which is known to have nothing of weight. */
  readonly lesser?: string;
  /** Whom it leads to as a statement writes it, where it works on named principals only. */
  readonly named?: string;
  /** It takes that a role lets the principal in, of which nothing is known. */
  readonly isTrustOpen?: boolean;
  /** False iff the engine could not decide some call; the path may not be there. */
  readonly isDecided: boolean;
};

type EscalationQuestion = {
  readonly set: PolicySet;
  /** The same principal before the step; absent: it was not there. */
  readonly before?: PolicySet;
  readonly holder: Holder;
  /** With what it held and was in before; as now if absent. */
  readonly holderBefore?: Holder;
  readonly knowledge: Knowledge;
};

/**
 * Returns the paths that the principal can go and, where there is a before, could not go then; in the catalogue's
 * order. A path that reaches further than before (anyone instead of named principals, a known administrator) counts.
 */
export async function findEscalations(
  { set, before, holder, holderBefore = holder, knowledge }: EscalationQuestion,
  engine: Pick<Engine, 'checkAccessNotGranted'>,
): Promise<readonly Escalation[]> {
  const now = createCallProbe(set, engine);
  const then = before && createCallProbe(before, engine);
  const context = contextOf(set, { holder, knowledge });
  const contextBefore = before && contextOf(before, { holder: holderBefore, knowledge });
  const found: Escalation[] = [];
  for (const path of ESCALATION_PATHS) {
    const actions = path.steps.map(({ action }) => action);
    if (contextBefore && isAlike(path, context, contextBefore) && then?.covers(now, actions)) continue;
    const escalation = await follow(path, now, context);
    if (escalation === undefined) continue;
    const earlier = then && contextBefore && (await follow(path, then, contextBefore));
    if (earlier === undefined || reachesFurther(escalation, earlier)) {
      found.push(await shown(escalation));
      continue;
    }
    if (before === undefined || then === undefined || escalation.scope !== 'named') continue;
    // The same path as before, and perhaps onto somebody else.
    const without = await follow(path, now, { ...context, not: then });
    if (without !== undefined && without.scope === 'named') found.push(await shown(without));
  }
  return found;
}

/** What a path needs beside its calls is there in both, or in neither: whoever comes to hold a policy may rewrite itself. */
function isAlike(path: EscalationPath, now: Context, then: Context): boolean {
  const isOwnAlike = path.kind !== 'self-escalation' || isDeepStrictEqual(now.holder, then.holder);
  return isOwnAlike && now.isBounded === then.isBounded && now.isDenied(path) === then.isDenied(path);
}

/** A path, with its calls not yet shown. */
type Followed = Omit<Escalation, 'calls'> & { readonly calls: readonly GrantedCall[] };

async function shown({ calls, ...escalation }: Followed): Promise<Escalation> {
  return { ...escalation, calls: await Promise.all(calls.map(({ show }) => show())) };
}

const REACH: { readonly [scope in Scope]: number } = { named: 0, anyone: 1, itself: 2 };

function reachesFurther(now: Followed, then: Followed): boolean {
  if (then.isDecided !== now.isDecided) return now.isDecided;
  if (now.leadsTo !== undefined && then.leadsTo === undefined) return true;
  if (now.lesser === undefined && then.lesser !== undefined) return true;
  return REACH[now.scope] > REACH[then.scope];
}

type Context = {
  readonly holder: Holder;
  readonly knowledge: Knowledge;
  readonly isBounded: boolean;
  /** Some document that the path's call takes off the holder denies something. */
  readonly isDenied: (path: EscalationPath) => boolean;
  /** Only onto principals onto which this one cannot go it. */
  readonly not?: CallProbe;
};

/** Documents that a call takes off its principal, by the ids of their parts. */
const TAKEN_OFF: { readonly [action: string]: RegExp } = {
  'iam:DeleteRolePolicy': /^inline:/,
  'iam:DeleteUserPolicy': /^inline:/,
  'iam:DetachRolePolicy': /^attached:/,
  'iam:DetachUserPolicy': /^attached:/,
  'iam:DeleteGroupPolicy': /^group:[^/]*\/inline:/,
  'iam:DetachGroupPolicy': /^group:[^/]*\/attached:/,
  'iam:RemoveUserFromGroup': /^group:/,
};

function contextOf(
  set: PolicySet,
  { holder, knowledge }: Pick<EscalationQuestion, 'holder' | 'knowledge'>,
): Context {
  const denying = set.policies.filter(({ policy }) =>
    policy.statements.some(({ effect }) => effect === 'Deny'),
  );
  return {
    holder,
    knowledge,
    isBounded: set.boundary !== undefined && set.boundary.length > 0,
    isDenied: ({ steps: [first] }) =>
      denying.some(({ name }) => TAKEN_OFF[first?.action ?? '']?.test(name) === true),
  };
}

/** The path as the probed set can go it. */
async function follow(
  path: EscalationPath,
  probe: CallProbe,
  context: Context,
): Promise<Followed | undefined> {
  if (path.needs === 'boundary' && !context.isBounded) return undefined;
  if (path.needs === 'deny' && !context.isDenied(path)) return undefined;
  if (!path.steps.every(({ action }) => probe.mentions(action))) return undefined;
  const onPrincipals = onPrincipalsOf(path);
  const calls: GrantedCall[] = [];
  let reach: Reach | undefined;
  if (onPrincipals.length > 0) {
    reach =
      context.not === undefined
        ? await reachOf(path, probe, context)
        : await newlyNamed(path, probe, context);
    if (reach === undefined) return undefined;
  } else if (context.not !== undefined) return undefined;
  if (!(await meet(path, probe))) return undefined;
  for (const { action } of path.steps) {
    const call =
      reach?.calls.get(action) ??
      (await probe.grants({ action, except: notCounting(path, action, context.holder) }));
    if (call === undefined) return undefined;
    calls.push(call);
  }
  return {
    path,
    calls,
    scope: reach?.scope ?? 'named',
    ...(reach?.leadsTo === undefined ? {} : { leadsTo: reach.leadsTo }),
    ...(reach?.lesser === undefined ? {} : { lesser: reach.lesser }),
    ...(reach?.named === undefined ? {} : { named: reach.named }),
    ...(needsTrust(path) && !isLetIn(reach, context.knowledge) ? { isTrustOpen: true } : {}),
    isDecided: calls.every(({ isDecided }) => isDecided),
  };
}

const onPrincipalsOf = ({ steps }: EscalationPath) =>
  steps.filter(({ on }) => on === 'principal' || on === 'passed-role').map(({ action }) => action);

/** False iff two calls of the path that are made on one resource are granted on different resources only. */
async function meet({ steps }: EscalationPath, probe: CallProbe): Promise<boolean> {
  const actions = steps.filter(({ on }) => on === 'one-resource').map(({ action }) => action);
  for (const [index, one] of actions.entries())
    for (const other of actions.slice(index + 1)) {
      const [ofOne, ofOther] = [probe.resourcesOf(one), probe.resourcesOf(other)];
      if (ofOne.includes('*') || ofOther.includes('*')) continue;
      const isMet =
        (await probe.grants({ action: one, resources: withVersions(ofOther) })) ??
        (await probe.grants({ action: other, resources: withVersions(ofOne) }));
      if (isMet === undefined) return false;
    }
  return true;
}

/** A resource's versions and aliases are the resource. */
const withVersions = (resources: readonly string[]) => resources.flatMap((one) => [one, `${one}:*`]);

/** Where the steps on principals work, and the calls that show it. */
type Reach = {
  readonly scope: Scope;
  readonly calls: ReadonlyMap<string, GrantedCall>;
  readonly leadsTo?: string;
  readonly lesser?: string;
  readonly named?: string;
};

const isLetIn = (reach: Reach | undefined, { factsOf }: Knowledge) =>
  factsOf(reach?.leadsTo ?? reach?.named ?? '')?.letsIn === true;

/** A principal that no statement names in particular. */
const UNNAMED = 'named-by-no-statement';

async function reachOf(path: EscalationPath, probe: CallProbe, context: Context): Promise<Reach | undefined> {
  const allOn = allOnOf(path, probe, context.holder);
  // Whoever may attach only policies of the account changes what others may do, as far as is known no further.
  const isWhole = path.kind === 'self-escalation';
  const own =
    path.kind === 'self-escalation'
      ? await allOn((action) => ownOf(action, context.holder), { isWhole })
      : undefined;
  if (own !== undefined) return { scope: 'itself', calls: own };
  if (path.needs !== undefined) return undefined;
  const administrator = await onAdministrator(path, allOn, context);
  const { account = 'arn:*:iam::*' } = context.holder;
  const anyone = await allOn((action) => [`${account}:${entityOf(action)}/${UNNAMED}`], {
    isWhoever: true,
    isWhole,
  });
  if (anyone !== undefined)
    return { scope: 'anyone', calls: administrator?.calls ?? anyone, ...administrator };
  if (administrator !== undefined) return { scope: 'named', ...administrator };
  return onNamed(path, probe, allOn, context);
}

/** Returns what asks whether all calls on principals are granted on the resources of each. */
function allOnOf(path: EscalationPath, probe: CallProbe, holder: Holder): AllOn {
  const actions = onPrincipalsOf(path);
  return async (resourcesOf, { isWhoever = false, isWhole = false } = {}) => {
    const calls = new Map<string, GrantedCall>();
    for (const action of actions) {
      const resources = resourcesOf(action);
      const call = await probe.grants({
        action,
        ...(resources === undefined ? {} : { resources }),
        ...(isWhoever ? { isWhoever } : {}),
        except: [...notCounting(path, action, holder), ...(isWhole ? attachingLess(action) : [])],
      });
      if (call === undefined) return undefined;
      calls.set(action, call);
    }
    return calls;
  };
}

type AllOn = (
  resourcesOf: (action: string) => readonly string[] | undefined,
  options?: {
    /** Not only whomever a variable of the statement stands for. */
    readonly isWhoever?: boolean;
    /** What is attached must make an administrator. */
    readonly isWhole?: boolean;
  },
) => Promise<ReadonlyMap<string, GrantedCall> | undefined>;

/** The path onto somebody who is known to be an administrator. */
async function onAdministrator(
  { steps, passedTo, kind, gains }: EscalationPath,
  allOn: AllOn,
  { holder, knowledge: { administrators, factsOf } }: Context,
): Promise<(Pick<Reach, 'calls'> & { readonly leadsTo: string }) | undefined> {
  // Whoever writes somebody's policies needs no administrator: it makes one.
  if (kind === 'self-escalation' || gains !== undefined) return undefined;
  const [first] = steps;
  const suffix = `:${entityOf(first?.action ?? '')}/`;
  const fitting = administrators.filter(
    (arn) =>
      arn.includes(suffix) &&
      (passedTo === undefined || mayTrust(factsOf(arn), passedTo)) &&
      !(needsTrust({ steps }) && factsOf(arn)?.letsIn === false),
  );
  for (const arn of fitting.slice(0, MAX_ADMINISTRATORS)) {
    const calls = await allOn((action) =>
      arn.includes(`:${entityOf(action)}/`) ? [arn] : anyOf(action, holder),
    );
    if (calls !== undefined) return { calls, leadsTo: arn };
  }
  return undefined;
}

/** More are not tried one by one; the path is then found without a name. */
const MAX_ADMINISTRATORS = 20;

/**
 * The path onto principals that the statements name, one resource at a time so that all calls are on the same one. One
 * that is known to have nothing of weight counts only where there is no other.
 */
async function onNamed(
  path: EscalationPath,
  probe: CallProbe,
  allOn: AllOn,
  { holder, knowledge, not }: Context,
): Promise<Reach | undefined> {
  const actions = onPrincipalsOf(path);
  const earlier = not && allOnOf(path, not, holder);
  let lesser: Reach | undefined;
  for (const resource of new Set(actions.flatMap((action) => probe.resourcesOf(action)))) {
    if (isHarmless(path, resource, knowledge)) continue;
    const entity = entityIn(resource);
    if (path.kind === 'principal-access' && resource === holder.arn) continue;
    // What is no role, user, group or policy of the path leads nowhere.
    if (entity !== undefined && !actions.some((action) => entityOf(action) === entity)) continue;
    const onThis = (action: string) =>
      resource !== '*' && (entity === undefined || entity === entityOf(action))
        ? [resource]
        : anyOf(action, holder);
    const facts = knowledge.factsOf(resource);
    const isLesser = path.kind === 'new-passrole' && facts?.isPrivileged === false;
    if (isLesser && lesser !== undefined) continue;
    const calls = await allOn(onThis);
    if (calls === undefined || (await earlier?.(onThis)) !== undefined) continue;
    if (!isLesser) return { scope: 'named', calls, ...(resource === '*' ? {} : { named: resource }) };
    lesser = { scope: 'named', calls, named: resource, lesser: resource };
  }
  return lesser;
}

/** Onto whom the path leads now and did not before, where it leads to named principals only. */
async function newlyNamed(
  path: EscalationPath,
  probe: CallProbe,
  context: Context,
): Promise<Reach | undefined> {
  return onNamed(path, probe, allOnOf(path, probe, context.holder), context);
}

/** Any entity of the account that the action is made on; roles of others can be assumed too. */
const anyOf = (action: string, { account = 'arn:*:iam::*' }: Holder) => [
  `${action.startsWith('sts:') ? 'arn:*:iam::*' : account}:${entityOf(action)}/*`,
];

/** Calls that gain only what the principal they are made on has already. */
const TAKES_OVER: ReadonlySet<string> = new Set([
  'sts:AssumeRole',
  'iam:UpdateAssumeRolePolicy',
  'iam:CreateAccessKey',
  'iam:DeleteAccessKey',
  'iam:CreateLoginProfile',
  'iam:UpdateLoginProfile',
  'iam:CreateServiceSpecificCredential',
  'iam:ResetServiceSpecificCredential',
]);

/** Nobody assumes a role that does not let it in. */
const needsTrust = ({ steps }: Pick<EscalationPath, 'steps'>) =>
  steps.some(({ action }) => action === 'sts:AssumeRole');

/** True iff the one principal that the resource names is known to lead nowhere. */
function isHarmless({ steps, passedTo }: EscalationPath, resource: string, { factsOf }: Knowledge): boolean {
  const facts = factsOf(resource);
  if (facts === undefined) return false;
  if (passedTo !== undefined) return !mayTrust(facts, passedTo);
  if (needsTrust({ steps }) && facts.letsIn === false) return true;
  return !facts.isPrivileged && steps.every(({ action }) => TAKES_OVER.has(action));
}

/** The ARNs on which the action changes the holder itself; none where they are not known. */
function ownOf(action: string, { arn, policyArns, groupArns }: Holder): readonly string[] {
  switch (entityOf(action)) {
    case 'policy':
      return policyArns.filter((policy) => !policy.includes(':iam::aws:'));
    case 'group':
      return groupArns;
    default:
      return arn?.includes(`:${entityOf(action)}/`) === true ? [arn] : [];
  }
}
