/**
 * How serious an addition is: by its question, and for new access by what it means (`meaning.ts`).
 */
import { worst } from '../../consequences/grade.ts';
import type { Addition, Severity } from '../../findings/finding.ts';
import type { TargetKind } from '../../targets/target.ts';

/** Returns the grade of a proved addition. `meaning`: what its new access amounts to; `isLoss`: a Deny or limit went away. */
export function gradeOf(
  check: Addition['check'],
  {
    kind,
    meaning,
    isLoss,
  }: { readonly kind: TargetKind; readonly meaning: Severity; readonly isLoss: boolean },
): Severity {
  switch (check) {
    case 'no-public-access':
      return 'CRITICAL';
    case 'access-not-granted':
      // A managed policy grants nothing until somebody holds it; then that principal has a finding of its own.
      return kind === 'managed-policy' ? 'HIGH' : 'CRITICAL';
    case 'no-external-access':
      return 'HIGH';
    case 'dormant-access':
      return 'INFO';
    case 'document':
      return 'MEDIUM';
    case 'no-new-access':
      // A managed policy grants nothing until somebody holds it, and whoever holds it has a finding of its own.
      if (kind === 'managed-policy') return meaning === 'LOW' || meaning === 'INFO' ? meaning : 'MEDIUM';
      // A Deny or limit that held back next to nothing did not matter.
      return isLoss && meaning !== 'LOW' ? worst(['HIGH', meaning]) : meaning;
  }
}
