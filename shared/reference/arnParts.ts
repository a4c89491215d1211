/**
 * What AWS writes in the parts of an ARN before its resource. It decides which requests are possible and which of them a
 * witness shows, never whether a check fails.
 * Source: IAM User Guide, "Amazon Resource Names (ARNs)"; AWS General Reference, "Regional endpoints".
 */
import { member, REST, text } from '../formula/build.ts';
import type { Formula, Glob, GlobToken } from '../formula/formula.ts';
import { PARTITIONS, parseArn } from '../policy/arn.ts';
import { toTable } from '../policy/table.ts';

const LETTER: GlobToken = { kind: 'one', of: 'notSlashOrColon' };
const LETTERS: GlobToken = { kind: 'star', of: 'notSlashOrColon' };
const DIGIT: GlobToken = { kind: 'one', of: 'digit' };

/** `us-east-1`, `us-gov-west-1`, `eusc-de-east-1`: by its shape, since there are more of them each year. */
export const REGION: Glob = [LETTER, LETTER, LETTERS, ...text('-'), LETTER, LETTERS, ...text('-'), DIGIT];

/** Twelve digits. */
export const ACCOUNT: Glob = Array.from({ length: 12 }, () => DIGIT);

/** By partition, those that most readers know first. Source: AWS's own endpoint data (`partitions.json` of its SDKs). */
const REGIONS: { readonly [partition: string]: readonly string[] } = toTable({
  aws: [
    ...['us-east-1', 'us-west-2', 'eu-west-1', 'ap-southeast-2', 'us-east-2', 'eu-central-1', 'us-west-1'],
    ...['af-south-1', 'ap-east-1', 'ap-east-2', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3'],
    ...['ap-south-1', 'ap-south-2', 'ap-southeast-1', 'ap-southeast-3', 'ap-southeast-4', 'ap-southeast-5'],
    ...['ap-southeast-6', 'ap-southeast-7', 'ca-central-1', 'ca-west-1', 'eu-central-2', 'eu-north-1'],
    ...['eu-south-1', 'eu-south-2', 'eu-west-2', 'eu-west-3', 'il-central-1', 'me-central-1', 'me-south-1'],
    ...['me-west-1', 'mx-central-1', 'sa-east-1', 'sa-west-1'],
  ],
  'aws-cn': ['cn-north-1', 'cn-northwest-1'],
  'aws-us-gov': ['us-gov-west-1', 'us-gov-east-1'],
  'aws-iso': ['us-iso-east-1', 'us-iso-west-1'],
  'aws-iso-b': ['us-isob-east-1', 'us-isob-west-1'],
  'aws-iso-e': ['eu-isoe-west-1'],
  'aws-iso-f': ['us-isof-south-1', 'us-isof-east-1'],
  'aws-eusc': ['eusc-de-east-1'],
});

/** Returns the partition's Regions, those that most readers know first. */
export function regionsOf(partition: string): readonly string[] {
  return REGIONS[partition] ?? [];
}

const REAL_REGION =
  /^(af|ap|ca|cn|eu|eusc|il|me|mx|sa|us)(-(gov|iso[a-z]?|de))?-(north|south)?(east|west|north|south|central)-\d$/;

/** Returns true iff the Region reads as one of AWS's. */
export function looksLikeRegion(region: string): boolean {
  return REAL_REGION.test(region);
}

/**
 * Returns what a service's principal is called without its Region: `logs.amazonaws.com` of `logs.eu-west-1.amazonaws.com`.
 * Source: IAM User Guide, "aws:PrincipalServiceNamesList".
 */
export function withoutRegion(service: string): string {
  const [name = '', second = '', ...rest] = service.split('.');
  return looksLikeRegion(second) ? [name, ...rest].join('.') : service;
}

/** Returns a glob of what a service (without its Region) is called in the Regions. */
export function inRegions(service: string): Glob {
  const [name = '', ...rest] = service.split('.');
  return [...text(`${name}.`), ...REGION, ...text(`.${rest.join('.')}`)];
}

/** Resources of some partitions, and calls without a resource. */
export function inPartitions(partitions: readonly string[]): Formula {
  return member('resource', [text('*'), ...partitions.map((name) => [...text(`arn:${name}:`), REST])]);
}

/** Returns true iff the resource is of one of the partitions, or none. */
export function isInPartition(resource: string, partitions: readonly string[] = PARTITIONS): boolean {
  return resource === '*' || partitions.includes(parseArn(resource).partition);
}
