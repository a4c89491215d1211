/**
 * What AWS writes in the parts of an ARN before its resource. It decides which requests are possible and which of them a
 * witness shows, never whether a check fails.
 * Source: IAM User Guide, "Amazon Resource Names (ARNs)"; AWS General Reference, "Regional endpoints".
 */
import { REST, text } from '../formula/build.ts';
import type { Glob, GlobToken } from '../formula/formula.ts';
import { PARTITIONS } from '../policy/arn.ts';

const LETTER: GlobToken = { kind: 'one', of: 'notSlashOrColon' };
const LETTERS: GlobToken = { kind: 'star', of: 'notSlashOrColon' };
const DIGIT: GlobToken = { kind: 'one', of: 'digit' };

/** `us-east-1`, `us-gov-west-1`, `eusc-de-east-1`: by its shape, since there are more of them each year. */
export const REGION: Glob = [LETTER, LETTER, LETTERS, ...text('-'), LETTER, LETTERS, ...text('-'), DIGIT];

/** Twelve digits. */
export const ACCOUNT: Glob = Array.from({ length: 12 }, () => DIGIT);

/** Regions that most readers know, the usual one first, and those of other partitions. */
export const REGIONS = [
  'us-east-1',
  'us-west-2',
  'eu-west-1',
  'ap-southeast-2',
  'us-east-2',
  'eu-central-1',
  'cn-north-1',
  'us-gov-west-1',
  'us-iso-east-1',
  'us-isob-east-1',
  'eu-isoe-west-1',
  'us-isof-south-1',
  'eusc-de-east-1',
];

/** Resources of the partitions that there are, and calls without a resource. */
export const IN_PARTITIONS: readonly Glob[] = [
  text('*'),
  ...PARTITIONS.map((partition) => [...text(`arn:${partition}:`), REST]),
];

/** Returns true iff the resource is of a partition that there is, or none. */
export function isInPartition(resource: string): boolean {
  return resource === '*' || PARTITIONS.includes(resource.split(':', 2)[1] ?? '');
}
