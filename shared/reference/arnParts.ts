/**
 * What AWS writes in the parts of an ARN before its resource. It decides which requests are possible and which of them a
 * witness shows, never whether a check fails.
 * Source: IAM User Guide, "Amazon Resource Names (ARNs)"; AWS General Reference, "Regional endpoints".
 */
import { member, REST, text } from '../formula/build.ts';
import type { Formula, Glob, GlobToken } from '../formula/formula.ts';
import { PARTITIONS, parseArn } from '../policy/arn.ts';

const LETTER: GlobToken = { kind: 'one', of: 'notSlashOrColon' };
const LETTERS: GlobToken = { kind: 'star', of: 'notSlashOrColon' };
const DIGIT: GlobToken = { kind: 'one', of: 'digit' };

/** `us-east-1`, `us-gov-west-1`, `eusc-de-east-1`: by its shape, since there are more of them each year. */
export const REGION: Glob = [LETTER, LETTER, LETTERS, ...text('-'), LETTER, LETTERS, ...text('-'), DIGIT];

/** Twelve digits. */
export const ACCOUNT: Glob = Array.from({ length: 12 }, () => DIGIT);

/** Words of a Region in a service's name: `eu-west-1`, `us-gov-west-1`. */
const WORD: Glob = [
  { kind: 'one', of: 'lowerOrDigit' },
  { kind: 'star', of: 'lowerOrDigit' },
];
const REGION_NAMES: readonly Glob[] = [
  [...WORD, ...text('-'), ...WORD, ...text('-'), DIGIT],
  [...WORD, ...text('-'), ...WORD, ...text('-'), ...WORD, ...text('-'), DIGIT],
];
const REGION_NAME = /^[a-z0-9]+(?:-[a-z0-9]+){1,2}-[0-9]$/;

/**
 * Returns what a service's principal is called without its Region: `logs.amazonaws.com` of `logs.eu-west-1.amazonaws.com`.
 * Both name one service: AWS calls it by its Region where it calls from a Region that is opted into.
 * Source: IAM User Guide, "AWS JSON policy elements: Principal", "AWS service principals in opt-in Regions", and
 * "aws:PrincipalServiceNamesList".
 */
export function withoutRegion(service: string): string {
  const [name = '', second = '', ...rest] = service.split('.');
  return REGION_NAME.test(second) ? [name, ...rest].join('.') : service;
}

/** Returns globs of what a service (without its Region) is called in the Regions: what `withoutRegion` makes it of. */
export function inRegions(service: string): Glob[] {
  const [name = '', ...rest] = service.split('.');
  return REGION_NAMES.map((region) => [...text(`${name}.`), ...region, ...text(`.${rest.join('.')}`)]);
}

/** Resources of some partitions, and calls without a resource. */
export function inPartitions(partitions: readonly string[]): Formula {
  return member('resource', [text('*'), ...partitions.map((name) => [...text(`arn:${name}:`), REST])]);
}

/** Returns true iff the resource is of one of the partitions, or none. */
export function isInPartition(resource: string, partitions: readonly string[] = PARTITIONS): boolean {
  return resource === '*' || partitions.includes(parseArn(resource).partition);
}
