/**
 * Control policies of an organization (SCPs and RCPs) asked by hand. They grant nothing: they let pass what other
 * policies grant. AWS attaches one that lets everything pass, so one by itself without an Allow is asked beside that.
 * Source: Organizations User Guide, "Service control policies (SCPs)" and "Resource control policies (RCPs)".
 */
import type { Policy, PolicyType } from '../policy/ast.ts';
import { parsePolicy } from '../policy/parsePolicy.ts';
import type { NamedPolicy, PolicySet } from '../policy/policySet.ts';
import type { Engine, NewAccess, Tightened } from './index.ts';
import { type Verdict, withNotes } from './verdict.ts';

/** The policy that AWS attaches, by its name. */
export const FULL_ACCESS_NAME = 'FullAWSAccess';
const NOTE = `a control policy grants nothing; beside \`${FULL_ACCESS_NAME}\` it lets this pass`;

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
  const asked = asAsked(policy);
  return asked === policy ? ask(policy) : ofControl(await ask(asked));
}

/** Returns the policy as a check of one policy asks of it. */
export function asAsked(policy: Policy): Policy | PolicySet {
  const denies = policy.statements.every(({ effect }) => effect === 'Deny');
  return isControl(policy) && denies ? besideFullAccess(policy) : policy;
}

/** Returns the pairs that a comparison of the two asks of. */
export function asCompared(
  existing: Policy,
  updated: Policy,
): (readonly [Policy | PolicySet, Policy | PolicySet])[] {
  const alone = [existing, updated] as const;
  return isControl(updated)
    ? [alone, [besideFullAccess(existing), besideFullAccess(updated)] as const]
    : [alone];
}

/** Returns the updated policy tightened until the comparison of the two passes. */
export async function tightenCompared(engine: Engine, existing: Policy, updated: Policy): Promise<Tightened> {
  const role = updated.policyType === 'RESOURCE_POLICY' ? 'resource' : 'grant';
  const document = (policy: Policy) => ({ name: DOCUMENT, role, policy }) as const;
  const alone = await engine.tighten({ existing: [document(existing)], updated: [document(updated)] });
  if (!isControl(updated) || alone.result === 'declined') return alone;
  const [made] = alone.documents;
  // What is added to the text beside the other policy only denies, so the text by itself still passes.
  const full = { ...FULL_ACCESS[updated.policyType], role } as const;
  const beside = await engine.tighten({
    existing: [document(existing), full],
    updated: [document(made?.policy ?? updated), full],
    touched: [DOCUMENT],
  });
  if (beside.result === 'declined') return beside;
  const losesOld = alone.losesOld || beside.losesOld;
  const lost = alone.lost ?? beside.lost;
  return {
    ...beside,
    documents:
      beside.documents.length === 0
        ? alone.documents
        : beside.documents.map((one) => ({ ...one, changes: [...(made?.changes ?? []), ...one.changes] })),
    isExisting: (beside.documents[0] ?? made)?.isExisting ?? alone.isExisting,
    losesOld,
    ...(lost === undefined ? {} : { lost }),
  };
}

const DOCUMENT = 'the document';

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
    reasons.flatMap(({ document, ...reason }) => (document === FULL_ACCESS_NAME ? [] : [reason]));
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
  return { name: FULL_ACCESS_NAME, policy: parsed.policy };
}
