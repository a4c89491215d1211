/** What new access means: who became what, how serious it is, and all of it in a few lines. Asks; remembers nothing. */

import { atTarget } from '../../checks/atTarget.ts';
import type { Engine } from '../../checks/index.ts';
import { type Grade, worst } from '../../consequences/grade.ts';
import { gradeOfSummary, summarise } from '../../consequences/gradePieces.ts';
import type { Holder, Knowledge } from '../../consequences/holder.ts';
import { describeTarget, nameOf } from '../../findings/consequence.ts';
import type { Addition, Severity } from '../../findings/finding.ts';
import { parseArn } from '../../policy/arn.ts';
import type { PolicySet } from '../../policy/policySet.ts';
import { loadReference } from '../../reference/reference.ts';
import type { Snapshot, TargetAdapter, TargetPart } from '../../targets/target.ts';

/** Of an addition: how serious its new access is and what it lets somebody do. */
export type Meaning = {
  readonly grade: Severity;
  readonly consequences: NonNullable<Addition['consequences']>;
  readonly added: NonNullable<Addition['added']>;
};

/** A state is to stay small, and nobody reads more. */
const MAX_CONSEQUENCES = 6;
const MAX_LINES = 12;

type Compared = {
  readonly before: PolicySet;
  readonly after: PolicySet;
  readonly snapshot: Snapshot;
  /** Ids of the parts that were there before. */
  readonly formerParts: ReadonlySet<string>;
};

/** Returns what the step means; `before` and `after` are what `snapshot`'s target granted and grants. */
export async function meaningOf(
  { before, after, snapshot, formerParts }: Compared,
  { engine, adapter, knowledge, permissionSetGrade }: Asking,
): Promise<Meaning> {
  const [reference, newAccess] = [await loadReference(), await engine.listNewAccess(before, after)];
  const { target } = snapshot;
  if (target.kind === 'account-assignment')
    return assigned(snapshot, formerParts, permissionSetGrade, summarise(newAccess.pieces, reference));
  // A policy that names principals speaks of its own resource; what somebody could do elsewhere it does not say.
  if (adapter.namesPrincipals) {
    const pieces = newAccess.pieces.map((piece) => ({
      ...piece,
      witness: atTarget(piece.witness, target.arn, { before, after }),
    }));
    const lines = summarise(pieces, reference).slice(0, MAX_LINES);
    // What its text calls any resource is the target.
    const added = lines.map((line) =>
      line.resources.every((resource) => resource === '*')
        ? { ...line, resources: [target.arn], isOnEverything: false }
        : line,
    );
    const { administrators } = await knowledge(after);
    if (target.kind !== 'role-trust' || !administrators.includes(target.arn))
      return { grade: gradeOfSummary(added), consequences: [], added };
    const says = `${describeTarget(target)}, an administrator, trusts more than before`;
    const calls = pieces.slice(0, 1).map(({ witness }) => witness);
    const trusted = { id: 'administrator-trust', says, technique: 'T1548.005', calls };
    return { grade: 'HIGH', consequences: [{ ...trusted, grade: 'HIGH', isWhole: true }], added };
  }
  // Only what grants something new to a principal needs the catalogue.
  const { findConsequences } = await import('../../consequences/findConsequences.ts');
  const { grade, consequences, added } = await findConsequences(
    {
      after,
      before,
      holder: holderOf(snapshot),
      holderBefore: holderOf({ target, parts: [...formerParts].map((id) => ({ id })) }),
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

type Asking = {
  readonly engine: Pick<Engine, 'checkAccessNotGranted' | 'listNewAccess'>;
  readonly adapter: Pick<TargetAdapter, 'namesPrincipals'>;
  readonly knowledge: (set: PolicySet) => Promise<Knowledge>;
  readonly permissionSetGrade: (arn: string) => Promise<Grade | undefined>;
};

/** `assignment:SET/GROUP/ID`, as the kind names its parts. */
const ASSIGNMENT = /^assignment:(?<set>.+)\/(?<type>USER|GROUP)\/(?<id>[^/]+)$/;

/** Whoever is assigned a permission set gains all of it at once: as serious as the set, at most as a trust is. */
async function assigned(
  { target, parts }: Snapshot,
  formerParts: ReadonlySet<string>,
  permissionSetGrade: Asking['permissionSetGrade'],
  added: Meaning['added'],
): Promise<Meaning> {
  const consequences: Meaning['consequences'][number][] = [];
  for (const { id, document = '' } of parts
    .filter((part) => !formerParts.has(part.id))
    .slice(0, MAX_CONSEQUENCES)) {
    const { set, type, id: who } = ASSIGNMENT.exec(id)?.groups ?? {};
    if (set === undefined || type === undefined || who === undefined) continue;
    const inSet = await permissionSetGrade(set);
    const name = /AWSReservedSSO_([\w+=,.@-]+)/.exec(document)?.[1] ?? nameOf(set);
    const grade = inSet === undefined || inSet === 'CRITICAL' ? 'HIGH' : inSet;
    const role = inSet === 'CRITICAL' ? ', whose holders can become an administrator,' : '';
    consequences.push({
      id: 'assignment',
      grade,
      says: `${type.toLowerCase()} \`${who}\` is assigned the permission set \`${name}\`${role} in account \`${nameOf(target.arn)}\``,
      isWhole: true,
      technique: 'T1098.003',
      calls: added.slice(0, 1).map(({ call }) => call),
    });
  }
  const grade = consequences.length === 0 ? 'HIGH' : worst(consequences.map((one) => one.grade));
  return { grade, consequences, added };
}

/** The principal that holds the documents, where the target is one. */
function holderOf({
  target,
  parts,
}: Pick<Snapshot, 'target'> & { readonly parts: readonly Pick<TargetPart, 'id'>[] }): Holder {
  const root = parseArn(target.arn).head;
  // A permission set, or what a share gives, is held in other accounts.
  if (target.kind === 'managed-policy') return { account: root, policyArns: [], groupArns: [] };
  if (target.kind !== 'iam-principal') return { policyArns: [], groupArns: [] };
  const named = (pattern: RegExp) => [
    ...new Set(parts.flatMap(({ id }) => pattern.exec(id)?.slice(1, 2) ?? [])),
  ];
  const [boundaryArn] = named(/^boundary:(.+)$/);
  return {
    arn: target.arn,
    account: root,
    ...(boundaryArn === undefined ? {} : { boundaryArn }),
    policyArns: named(/(?:^|\/)attached:(.+)$/),
    groupArns: named(/^group:(.+?)\/(?:inline|attached):/).map((name) => `${root}:group/${name}`),
  };
}
