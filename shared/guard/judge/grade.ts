/**
 * How grave an addition is. The gravest reason counts; a path to more privileges is to join here, as another question.
 * Source: our own table; the order follows what an intruder gains by it.
 */
import type { Access } from '../../checks/index.ts';
import { ACCESS_RULES, type AccessRule, PRESETS } from '../../consequences/accessRules.ts';
import type { Addition, Severity } from '../../findings/finding.ts';
import type { TargetKind } from '../../targets/target.ts';

/** What makes new access HIGH: serious on everything, everyday on named things. */
export const HIGH_ACCESS: readonly Access[] = [
  ...(PRESETS['escalation'] ?? []),
  ...Object.values<AccessRule>(ACCESS_RULES).flatMap(({ grade, access }) => (grade === 'HIGH' ? access : [])),
];

/** Returns the grade of a proved addition. `isHigh`: some of it is `HIGH_ACCESS`; `isLoss`: a Deny or limit went away. */
export function gradeOf(
  check: Addition['check'],
  { kind, isHigh, isLoss }: { readonly kind: TargetKind; readonly isHigh: boolean; readonly isLoss: boolean },
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
      // Whoever is assigned a permission set gains all of it at once.
      if (kind === 'account-assignment') return 'HIGH';
      return isHigh || isLoss ? 'HIGH' : 'MEDIUM';
  }
}
