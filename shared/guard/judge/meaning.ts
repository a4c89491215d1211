/** What new access means: who became what, how serious it is, and all of it in a few lines. Asks; remembers nothing. */

import type { Engine } from '../../checks/index.ts';
import { findConsequences } from '../../consequences/findConsequences.ts';
import { gradeOfSummary, summarise } from '../../consequences/gradePieces.ts';
import type { Holder, Knowledge } from '../../consequences/holder.ts';
import { describeTarget } from '../../findings/consequence.ts';
import type { Addition, Severity } from '../../findings/finding.ts';
import { parseArn } from '../../policy/arn.ts';
import type { PolicySet } from '../../policy/policySet.ts';
import { loadReference } from '../../reference/reference.ts';
import type { Snapshot, TargetAdapter } from '../../targets/target.ts';

/** Of an addition: how serious its new access is and what it lets somebody do. */
export type Meaning = {
  readonly grade: Severity;
  readonly consequences: NonNullable<Addition['consequences']>;
  readonly added: NonNullable<Addition['added']>;
};

/** A state is to stay small, and nobody reads more. */
const MAX_CONSEQUENCES = 6;
const MAX_LINES = 12;

export type Compared = { readonly before: PolicySet; readonly after: PolicySet; readonly snapshot: Snapshot };

/** Returns what the step means; `before` and `after` are what `snapshot`'s target granted and grants. */
export async function meaningOf(
  { before, after, snapshot }: Compared,
  {
    engine,
    adapter,
    knowledge,
  }: {
    readonly engine: Pick<Engine, 'checkAccessNotGranted' | 'listNewAccess'>;
    readonly adapter: Pick<TargetAdapter, 'namesPrincipals'>;
    readonly knowledge: (set: PolicySet) => Promise<Knowledge>;
  },
): Promise<Meaning> {
  const [reference, newAccess] = [await loadReference(), await engine.listNewAccess(before, after)];
  const { target } = snapshot;
  // A policy that names principals speaks of its own resource; what somebody could do elsewhere it does not say.
  if (adapter.namesPrincipals) {
    const added = summarise(newAccess.pieces, reference).slice(0, MAX_LINES);
    const { administrators } = await knowledge(after);
    if (target.kind !== 'role-trust' || !administrators.includes(target.arn))
      return { grade: gradeOfSummary(added), consequences: [], added };
    const says = `${describeTarget(target)}, an administrator, trusts more than before`;
    const calls = newAccess.pieces.slice(0, 1).map(({ witness }) => witness);
    const trusted = { id: 'administrator-trust', says, technique: 'T1548.005', calls };
    return { grade: 'HIGH', consequences: [{ ...trusted, grade: 'HIGH', isWhole: true }], added };
  }
  const { grade, consequences, added } = await findConsequences(
    {
      after,
      before,
      holder: holderOf(snapshot),
      knowledge: await knowledge(after),
      newAccess,
    },
    engine,
    reference,
  );
  return {
    grade,
    consequences: consequences.slice(0, MAX_CONSEQUENCES).map(({ kind: _, ...one }) => one),
    added: added.slice(0, MAX_LINES),
  };
}

/** The principal that holds the documents, where the target is one. */
function holderOf({ target, parts }: Snapshot): Holder {
  if (target.kind !== 'iam-principal') return { policyArns: [], groupArns: [] };
  const root = parseArn(target.arn).head;
  const named = (pattern: RegExp) => [
    ...new Set(parts.flatMap(({ id }) => pattern.exec(id)?.slice(1, 2) ?? [])),
  ];
  return {
    arn: target.arn,
    policyArns: named(/(?:^|\/)attached:(.+)$/),
    groupArns: named(/^group:(.+?)\/(?:inline|attached):/).map((name) => `${root}:group/${name}`),
  };
}
