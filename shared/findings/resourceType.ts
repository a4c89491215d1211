/** What the AWS Security Finding Format calls the resources whose policies are watched. Source: ASFF, "Resources". */
import { DEFINITIONS } from '../services/index.ts';
import type { FindingType } from '../targets/kind.ts';
import type { TargetRef } from '../targets/target.ts';
import { isAccount } from './consequence.ts';

/** Returns the type of the resource that the target is; `Other` when the format has no word for it. */
export function resourceType(target: TargetRef): FindingType {
  if (isAccount(target)) return 'AwsAccount';
  const { findingType } = DEFINITIONS[target.kind];
  return typeof findingType === 'string' ? findingType : findingType(target.arn);
}
