/** How grave new access is, and what it means: the guard's own grades and words. */

import type { Engine, NewAccess } from '../../../shared/checks/index.ts';
import { isLimit } from '../../../shared/checks/proveRestore.ts';
import type { Verdict } from '../../../shared/checks/verdict.ts';
import { findConsequences } from '../../../shared/consequences/findConsequences.ts';
import { type Grade, worst } from '../../../shared/consequences/grade.ts';
import { gradeOfSummary, summarise } from '../../../shared/consequences/gradePieces.ts';
import { NOTHING_KNOWN } from '../../../shared/consequences/holder.ts';
import { loadReference } from '../../../shared/reference/reference.ts';
import type { CheckName } from '../../output/checkResult.ts';
import type { Facet } from '../facets.ts';
import type { Side } from './side.ts';

/** The grades of the lists; new access is graded by what it is. */
const GRADES: { readonly [check in CheckName]?: Grade } = {
  'check-access-not-granted': 'CRITICAL',
  'check-no-public-access': 'CRITICAL',
  'check-no-external-access': 'HIGH',
};

export type Meaning = {
  readonly grade: Grade;
  /** "can become an administrator: …", the most serious first. */
  readonly says: readonly string[];
};

type Step = {
  readonly before: Side;
  readonly after: Side;
  readonly facet: Facet;
  readonly newAccess: NewAccess;
  readonly verdict: Verdict;
};

/** Returns the grade of a list's FAIL; undefined for new access, which `meaningOf` grades. */
export function gradeOfList(check: CheckName): Grade | undefined {
  return GRADES[check];
}

/** Returns what new access means. Nobody but the holder is known: whoever is not known may be anything. */
export async function meaningOf(
  { before, after, facet, newAccess, verdict }: Step,
  engine: Engine,
): Promise<Meaning> {
  const reference = await loadReference();
  // A Deny or a limit that is gone mattered: something could be done that could not.
  const lost: Grade = (verdict.removedDenies ?? []).length > 0 || isLimitLost(before, after) ? 'HIGH' : 'LOW';
  if (facet.policyType === 'RESOURCE_POLICY') {
    const least: Grade = facet.namesPrincipals ? 'MEDIUM' : 'LOW';
    return { grade: worst([least, lost, gradeOfSummary(summarise(newAccess.pieces, reference))]), says: [] };
  }
  const holder = { policyArns: [], groupArns: [] };
  const step = { before: before.set, after: after.set, holder, knowledge: NOTHING_KNOWN, newAccess };
  const { grade, consequences } = await findConsequences(step, engine, reference);
  return { grade: worst([grade, lost]), says: consequences.map(({ says }) => says) };
}

function isLimitLost(before: Side, after: Side): boolean {
  const limits = ({ parts }: Side) => parts.filter(isLimit).length;
  return limits(before) > limits(after);
}
