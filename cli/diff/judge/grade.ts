/** How grave an answer is, in the words of the guard's findings. */
import type { Severity } from '../../../shared/findings/finding.ts';
import type { CheckName } from '../../output/checkResult.ts';

const GRADES: { readonly [check in CheckName]: Severity } = {
  'check-access-not-granted': 'CRITICAL',
  'check-no-public-access': 'CRITICAL',
  'check-no-external-access': 'HIGH',
  'check-no-new-access': 'MEDIUM',
};

/** Returns the grade of a FAIL. */
export function gradeOf(check: CheckName): Severity {
  return GRADES[check];
}
