/**
 * Control policies of an organization (SCPs and RCPs) asked by hand. They grant nothing: they let pass what other
 * policies grant. AWS attaches one that lets everything pass, so one by itself without an Allow is asked beside that.
 * Source: Organizations User Guide, "Service control policies (SCPs)" and "Resource control policies (RCPs)".
 */
import type { Policy, PolicyType } from '../policy/ast.ts';
import { parsePolicy } from '../policy/parsePolicy.ts';
import type { NamedPolicy, PolicySet } from '../policy/policySet.ts';
import type { Engine, NewAccess } from './index.ts';
import { type Verdict, withNotes } from './verdict.ts';

const NAME = 'FullAWSAccess';
const NOTE = `a control policy grants nothing; beside \`${NAME}\` it lets this pass`;

/**
 * Returns what the comparison of two policies answers. Of control policies FAIL iff the updated one lets something pass
 * that the existing one does not, by itself or beside the one that lets everything pass.
 */
export async function compare(engine: Engine, existing: Policy, updated: Policy): Promise<Verdict> {
  const alone = await engine.checkNoNewAccess(existing, updated);
  if (!isControl(updated) || alone.result !== 'PASS') return alone;
  const beside = await engine.checkNoNewAccess(besideFullAccess(existing), besideFullAccess(updated));
  return beside.result === 'PASS' ? alone : ofControl(beside);
}

/** Returns the pieces of what a FAIL of `compare` is about. */
export async function listCompared(engine: Engine, existing: Policy, updated: Policy): Promise<NewAccess> {
  const alone = await engine.listNewAccess(existing, updated);
  return !isControl(updated) || alone.pieces.length > 0
    ? alone
    : engine.listNewAccess(besideFullAccess(existing), besideFullAccess(updated));
}

/** Returns what `ask` answers of a policy; a control policy without an Allow is asked beside the one that lets everything pass. */
export async function askOf(
  policy: Policy,
  ask: (asked: Policy | PolicySet) => Promise<Verdict>,
): Promise<Verdict> {
  const denies = policy.statements.every(({ effect }) => effect === 'Deny');
  return isControl(policy) && denies ? ofControl(await ask(besideFullAccess(policy))) : ask(policy);
}

function isControl({ syntax }: Policy): boolean {
  return syntax.isControl === true;
}

function besideFullAccess(policy: Policy): PolicySet {
  return { policies: [{ name: '', policy }, FULL_ACCESS[policy.policyType]] };
}

/** Its statements are the document's: what the other policy says goes without saying. */
function ofControl(verdict: Verdict): Verdict {
  if (verdict.result !== 'FAIL') return verdict;
  const own = (reasons: Verdict['reasons']) =>
    reasons.flatMap(({ document, ...reason }) => (document === NAME ? [] : [reason]));
  const { reasons, removedDenies } = verdict;
  const said = {
    ...verdict,
    reasons: own(reasons),
    ...(removedDenies === undefined ? {} : { removedDenies: own(removedDenies) }),
  };
  return withNotes(said, [NOTE]);
}

const FULL_ACCESS: { readonly [type in PolicyType]: NamedPolicy } = {
  IDENTITY_POLICY: fullAccess('IDENTITY_POLICY', {}),
  RESOURCE_POLICY: fullAccess('RESOURCE_POLICY', { Principal: '*' }),
};

function fullAccess(policyType: PolicyType, principal: object): NamedPolicy {
  const statement = { Effect: 'Allow', ...principal, Action: '*', Resource: '*' };
  const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: [statement] }), {
    policyType,
    isControl: true,
  });
  if (!parsed.ok) throw new Error('a policy of our own parses');
  return { name: NAME, policy: parsed.policy };
}
