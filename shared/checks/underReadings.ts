/**
 * Checks where AWS can be read in two ways: asked again under the other reading of each construct that the documents
 * have, alone and all together. The answer is the worst and names the reading. The same text has the same reading in
 * every document. Documents without such a construct are asked once.
 */
import type { Request } from '../evaluator/request.ts';
import type { Policy } from '../policy/ast.ts';
import { documentsOf, mapPolicies, type PolicySet } from '../policy/policySet.ts';
import { CONSTRUCTS, type Construct, constructsOf, reread } from '../policy/readings.ts';
import { isGranted } from './noNewAccess.ts';
import type { Verdict } from './verdict.ts';
import { mostOf, type Sides, withinBounds } from './withinBounds.ts';

const SEVERITY: { readonly [result in Verdict['result']]: number } = { PASS: 0, UNKNOWN: 1, FAIL: 2 };

/** A FAIL that AWS could see is worse than one that it could not. */
function severityOf(verdict: Verdict): number {
  return SEVERITY[verdict.result] + (verdict.result === 'FAIL' && verdict.possible ? 1 : 0);
}

/** Returns the worst answer of `ask` over all readings of the sets; FAIL is worse than UNKNOWN, and that than PASS. */
export async function underReadings<S extends Sides>(
  sides: S,
  ask: (sides: S) => Promise<Verdict>,
): Promise<Verdict> {
  const first = await withinBounds(sides, ask);
  const others = otherReadings(sides);
  if (others.length === 0) return first;
  const answers: { readonly verdict: Verdict; readonly note: string }[] = [
    { verdict: first, note: noteOf(others.flat(), 0) },
  ];
  for (const constructs of others) {
    const verdict = await withinBounds(rereadSides(sides, constructs), ask);
    answers.push({ verdict, note: noteOf(constructs, 1) });
  }
  const worst = Math.max(...answers.map(({ verdict }) => severityOf(verdict)));
  const found = answers.filter(({ verdict }) => severityOf(verdict) === worst);
  const [answer] = found;
  if (answer === undefined || found.length === answers.length) return first;
  const { verdict, note } = answer;
  return verdict.result === 'UNKNOWN'
    ? { ...verdict, cause: `${verdict.cause} (${note})` }
    : { ...verdict, notes: [...(verdict.notes ?? []), note] };
}

/** Returns the sets under every reading, the tree's own first. */
export function allReadings<S extends Sides>(sides: S): readonly S[] {
  return [sides, ...otherReadings(sides).map((constructs) => rereadSides(sides, constructs))];
}

/** Returns true iff the set may grant the request: under some reading, by the evaluator's word, whatever is unread. */
export function mayGrant(set: PolicySet, request: Request): boolean {
  return allReadings({ granted: [mostOf(set)], refused: [] }).some(({ granted }) =>
    granted.every((one) => isGranted(one, request)),
  );
}

/** Each construct alone, and all of them when there are several. */
function otherReadings({ granted, refused }: Sides): (readonly Construct[])[] {
  const found = new Set<Construct>();
  for (const set of [...granted, ...refused]) {
    for (const { policy } of documentsOf(set)) {
      for (const construct of constructsOf(policy)) found.add(construct);
    }
  }
  if (found.size === 0) return [];
  const present = CONSTRUCTS.filter((construct) => found.has(construct));
  return [...present.map((construct) => [construct]), ...(present.length > 1 ? [present] : [])];
}

function rereadSides<S extends Sides>({ granted, refused }: S, constructs: readonly Construct[]): S {
  const rereadAll = (sets: readonly PolicySet[]) =>
    sets.map((set) => mapPolicies(set, (policy) => rereadPolicy(policy, constructs)));
  // The same sets, member by member.
  return { granted: rereadAll(granted), refused: rereadAll(refused) } as Sides as S;
}

function rereadPolicy(policy: Policy, constructs: readonly Construct[]): Policy {
  const statements = policy.statements.map((statement) => reread(statement, constructs));
  return statements.every((statement, index) => statement === policy.statements[index])
    ? policy
    : { ...policy, statements };
}

function noteOf(constructs: readonly Construct[], reading: 0 | 1): string {
  const said = [...new Set(constructs)].map(({ name, readings }) => `${name} ${readings[reading]}`);
  return `AWS's documentation can be read in two ways here; this applies if ${said.join(', and ')}`;
}
