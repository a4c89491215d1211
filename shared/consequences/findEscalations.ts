/**
 * Which escalation paths can a principal go? Asked of everything it can do, so that two documents that each look
 * harmless are seen together. A path counts iff every call of it is granted, on resources that fit together. What is
 * known to lead nowhere does not count: a role that does not trust the service, a user who is no administrator.
 */

import type { Engine } from '../checks/index.ts';
import type { Request } from '../evaluator/request.ts';
import { parseArn } from '../policy/arn.ts';
import type { PolicySet } from '../policy/policySet.ts';
import { type CallProbe, createCallProbe, type GrantedCall } from './callProbe.ts';
import { ESCALATION_PATHS, type EscalationPath } from './escalationPaths.ts';
import { type Holder, type Knowledge, mayTrust } from './holder.ts';

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
  /** False iff the engine could not decide some call; the path may not be there. */
  readonly isDecided: boolean;
};

type EscalationQuestion = {
  readonly set: PolicySet;
  /** The same principal before the step; absent: it was not there. */
  readonly before?: PolicySet;
  readonly holder: Holder;
  readonly knowledge: Knowledge;
};

/**
 * Returns the paths that the principal can go and, where there is a before, could not go then; in the catalogue's
 * order. A path that reaches further than before (anyone instead of named principals, a known administrator) counts.
 */
export async function findEscalations(
  { set, before, holder, knowledge }: EscalationQuestion,
  engine: Pick<Engine, 'checkAccessNotGranted'>,
): Promise<readonly Escalation[]> {
  const now = createCallProbe(set, engine);
  const then = before && createCallProbe(before, engine);
  const found: Escalation[] = [];
  for (const path of ESCALATION_PATHS) {
    const escalation = await follow(path, now, { holder, knowledge, isBounded: isBounded(set) });
    if (escalation === undefined) continue;
    const former =
      before && then && (await follow(path, then, { holder, knowledge, isBounded: isBounded(before) }));
    if (former === undefined || reachesFurther(escalation, former)) {
      found.push(escalation);
      continue;
    }
    if (before === undefined || then === undefined || escalation.scope !== 'named') continue;
    // The same path as before, and perhaps onto somebody else.
    const without = await follow(path, now, { holder, knowledge, isBounded: isBounded(set), not: then });
    if (without !== undefined && without.scope === 'named') found.push(without);
  }
  return found;
}

const isBounded = ({ boundary }: PolicySet) => boundary !== undefined && boundary.length > 0;

const REACH: { readonly [scope in Scope]: number } = { named: 0, anyone: 1, itself: 2 };

function reachesFurther(now: Escalation, then: Escalation): boolean {
  if (then.isDecided !== now.isDecided) return now.isDecided;
  if (now.leadsTo !== undefined && then.leadsTo === undefined) return true;
  if (now.lesser === undefined && then.lesser !== undefined) return true;
  return REACH[now.scope] > REACH[then.scope];
}

type Context = {
  readonly holder: Holder;
  readonly knowledge: Knowledge;
  readonly isBounded: boolean;
  /** Only onto principals onto which this one cannot go it. */
  readonly not?: CallProbe;
};

/** The path as the probed set can go it. */
async function follow(
  path: EscalationPath,
  probe: CallProbe,
  context: Context,
): Promise<Escalation | undefined> {
  if (path.needs === 'boundary' && !context.isBounded) return undefined;
  if (!path.steps.every(({ action }) => probe.mentions(action))) return undefined;
  const onPrincipals = path.steps.filter(({ on }) => on !== 'anything');
  const calls: GrantedCall[] = [];
  let reach: Reach | undefined;
  if (onPrincipals.length > 0) {
    reach =
      context.not === undefined
        ? await reachOf(path, probe, context)
        : await newlyNamed(path, probe, context);
    if (reach === undefined) return undefined;
  } else if (context.not !== undefined) return undefined;
  for (const { action, on } of path.steps) {
    const call = on === 'anything' ? await probe.grants({ action }) : reach?.calls.get(action);
    if (call === undefined) return undefined;
    calls.push(call);
  }
  return {
    path,
    calls: calls.map(({ request }) => request),
    scope: reach?.scope ?? 'named',
    ...(reach?.leadsTo === undefined ? {} : { leadsTo: reach.leadsTo }),
    ...(reach?.lesser === undefined ? {} : { lesser: reach.lesser }),
    isDecided: calls.every(({ isDecided }) => isDecided),
  };
}

/** Where the steps on principals work, and the calls that show it. */
type Reach = {
  readonly scope: Scope;
  readonly calls: ReadonlyMap<string, GrantedCall>;
  readonly leadsTo?: string;
  readonly lesser?: string;
};

/** Which entity of IAM an action takes; roles if not listed. */
const ENTITY_OF: { readonly [action: string]: 'user' | 'group' | 'policy' } = {
  'iam:CreatePolicyVersion': 'policy',
  'iam:SetDefaultPolicyVersion': 'policy',
  'iam:PutGroupPolicy': 'group',
  'iam:AttachGroupPolicy': 'group',
  'iam:AddUserToGroup': 'group',
  'iam:PutUserPolicy': 'user',
  'iam:AttachUserPolicy': 'user',
  'iam:CreateAccessKey': 'user',
  'iam:DeleteAccessKey': 'user',
  'iam:CreateLoginProfile': 'user',
  'iam:UpdateLoginProfile': 'user',
  'iam:CreateServiceSpecificCredential': 'user',
  'iam:ResetServiceSpecificCredential': 'user',
  'iam:DeleteUserPermissionsBoundary': 'user',
  'iam:PutUserPermissionsBoundary': 'user',
};

const entityOf = (action: string) => ENTITY_OF[action] ?? 'role';

/** A principal that no statement names in particular. */
const UNNAMED = 'named-by-no-statement';

async function reachOf(path: EscalationPath, probe: CallProbe, context: Context): Promise<Reach | undefined> {
  const allOn = allOnOf(path, probe);
  const own =
    path.kind === 'self-escalation' ? await allOn((action) => ownOf(action, context.holder)) : undefined;
  if (own !== undefined) return { scope: 'itself', calls: own };
  if (path.needs === 'boundary') return undefined;
  const administrator = await onAdministrator(path, allOn, context.knowledge);
  const anyone = await allOn((action) => [`arn:*:iam::*:${entityOf(action)}/${UNNAMED}`]);
  if (anyone !== undefined)
    return { scope: 'anyone', calls: administrator?.calls ?? anyone, ...administrator };
  if (administrator !== undefined) return { scope: 'named', ...administrator };
  return onNamed(path, probe, allOn, context);
}

/** Returns what asks whether all calls on principals are granted on the resources of each. */
function allOnOf(path: EscalationPath, probe: CallProbe): AllOn {
  const actions = path.steps.filter(({ on }) => on !== 'anything').map(({ action }) => action);
  return async (resourcesOf) => {
    const calls = new Map<string, GrantedCall>();
    for (const action of actions) {
      const resources = resourcesOf(action);
      const call = await probe.grants({
        action,
        ...(resources === undefined ? {} : { resources }),
        except: exceptFor(path, action),
      });
      if (call === undefined) return undefined;
      calls.set(action, call);
    }
    return calls;
  };
}

type AllOn = (
  resourcesOf: (action: string) => readonly string[] | undefined,
) => Promise<ReadonlyMap<string, GrantedCall> | undefined>;

/** The path onto somebody who is known to be an administrator. */
async function onAdministrator(
  { steps, passedTo, kind }: EscalationPath,
  allOn: AllOn,
  { administrators, factsOf }: Knowledge,
): Promise<(Pick<Reach, 'calls'> & { readonly leadsTo: string }) | undefined> {
  // Whoever writes somebody's policies needs no administrator: it makes one.
  if (kind === 'self-escalation') return undefined;
  const [first] = steps;
  const suffix = `:${entityOf(first?.action ?? '')}/`;
  const fitting = administrators.filter(
    (arn) => arn.includes(suffix) && (passedTo === undefined || mayTrust(factsOf(arn), passedTo)),
  );
  for (const arn of fitting.slice(0, MAX_ADMINISTRATORS)) {
    const calls = await allOn((action) => (arn.includes(`:${entityOf(action)}/`) ? [arn] : undefined));
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
  const actions = path.steps.filter(({ on }) => on !== 'anything').map(({ action }) => action);
  const former = not && allOnOf(path, not);
  let lesser: Reach | undefined;
  for (const resource of new Set(actions.flatMap((action) => probe.resourcesOf(action)))) {
    if (isHarmless(path, resource, knowledge)) continue;
    const entity = entityIn(resource);
    if (path.kind === 'principal-access' && resource === holder.arn) continue;
    const onThis = (action: string) =>
      entity === undefined || entity === entityOf(action) ? [asArn(resource)] : undefined;
    const facts = knowledge.factsOf(resource);
    const isLesser = path.kind === 'new-passrole' && facts?.isPrivileged === false;
    if (isLesser && lesser !== undefined) continue;
    const calls = await allOn(onThis);
    if (calls === undefined || (await former?.(onThis)) !== undefined) continue;
    if (!isLesser) return { scope: 'named', calls };
    lesser = { scope: 'named', calls, lesser: resource };
  }
  return lesser;
}

/** Onto whom the path leads now and did not before, where it leads to named principals only. */
async function newlyNamed(
  path: EscalationPath,
  probe: CallProbe,
  context: Context,
): Promise<Reach | undefined> {
  return onNamed(path, probe, allOnOf(path, probe), context);
}

const asArn = (resource: string) => (resource === '*' ? 'arn:*:iam::*:*' : resource);

function entityIn(resource: string): string | undefined {
  const [kind = ''] = parseArn(resource).resource.split('/');
  return ['role', 'user', 'group', 'policy'].includes(kind) ? kind : undefined;
}

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

/** True iff the one principal that the resource names is known to lead nowhere. */
function isHarmless({ steps, passedTo }: EscalationPath, resource: string, { factsOf }: Knowledge): boolean {
  const facts = factsOf(resource);
  if (facts === undefined) return false;
  if (passedTo !== undefined) return !mayTrust(facts, passedTo);
  return !facts.isPrivileged && steps.every(({ action }) => TAKES_OVER.has(action));
}

/** What does not count of a call, as Denies. */
function exceptFor({ kind, passedTo }: EscalationPath, action: string): object[] {
  if (action === 'iam:PassRole' && passedTo !== undefined) {
    // IAM puts the service into every such request (IAM User Guide, "iam:PassedToService").
    const services = [passedTo, `${passedTo}.cn`];
    return [
      { Action: action, Resource: '*', Condition: { StringNotEquals: { 'iam:PassedToService': services } } },
    ];
  }
  if (/^iam:Attach(User|Role|Group)Policy$/.test(action)) {
    // Every such request names the policy; one that AWS keeps and that makes nobody an administrator gains little.
    const harmless = { ArnLike: { 'iam:PolicyARN': 'arn:*:iam::aws:policy/*' } };
    const strong = { ArnNotLike: { 'iam:PolicyARN': STRONG_POLICIES } };
    return [
      { Action: action, Resource: '*', Condition: { ...harmless, ...strong } },
      { Action: action, Resource: '*', Condition: { Null: { 'iam:PolicyARN': 'true' } } },
    ];
  }
  // One's own keys and password take over nobody.
  if (kind === 'principal-access' && entityOf(action) === 'user') {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
    const itself = ['arn:*:iam::*:user/${aws:username}', 'arn:*:iam::*:user/*/${aws:username}'];
    return [{ Action: action, Resource: itself }];
  }
  return [];
}

/** AWS's own policies that let their holder write policies. Source: their documents, AWS Managed Policy Reference. */
const STRONG_POLICIES = ['arn:*:iam::aws:policy/AdministratorAccess*', 'arn:*:iam::aws:policy/IAMFullAccess'];

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
