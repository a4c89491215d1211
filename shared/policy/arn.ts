/** Names and places from ARNs and Regions. */

export type PrincipalType = 'role' | 'user' | 'group';

/** The six parts of an ARN but the first; those that it lacks are empty. */
type Arn = {
  /** What precedes the resource, without the colon between: `arn:aws:iam::111122223333`. */
  readonly head: string;
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly accountId: string;
  /** All that follows the account, colons included. */
  readonly resource: string;
};

/** Returns the parts of the ARN. */
export function parseArn(arn: string): Arn {
  const parts = arn.split(':');
  const [, partition = '', service = '', region = '', accountId = ''] = parts;
  const head = parts.slice(0, 5).join(':');
  return { head, partition, service, region, accountId, resource: parts.slice(5).join(':') };
}

/** Returns what follows the last `/` or `:`. */
export function resourceName(arn: string): string {
  return arn.slice(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1);
}

/** Returns what follows the first `/`: names may hold further ones. */
export function afterSlash(arn: string): string {
  return arn.slice(arn.indexOf('/') + 1);
}

/** Returns the type and name of an IAM principal's ARN (its path, if any, is skipped). */
export function principalName(arn: string): { readonly type: PrincipalType; readonly name: string } {
  const [type = '', ...rest] = parseArn(arn).resource.split('/');
  return { type: type === 'user' || type === 'group' ? type : 'role', name: rest.at(-1) ?? '' };
}

/** Returns the ARN of a role, user or group without its path. */
export function withoutPath(arn: string): string {
  const { head, resource } = parseArn(arn);
  const [type = '', ...rest] = resource.split('/');
  return `${head}:${type}/${rest.at(-1) ?? ''}`;
}

/** The partitions that there are, the usual one first. Source: AWS's own endpoint data (`partitions.json` of its SDKs). */
export const PARTITIONS = [
  'aws',
  'aws-cn',
  'aws-us-gov',
  'aws-iso',
  'aws-iso-b',
  'aws-iso-e',
  'aws-iso-f',
  'aws-eusc',
];

/** Returns the partition of a Region. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** Returns the domain of the AWS APIs of a Region. Source: AWS General Reference, "AWS service endpoints". */
export function apiDomainOf(region: string): string {
  return partitionOf(region) === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
}

/** Returns the Region of the partition in which IAM has its API and its events. Source: IAM User Guide, "Regions and endpoints". */
export function iamRegionOf(region: string): string {
  return IAM_REGIONS[partitionOf(region)] ?? 'us-east-1';
}

const IAM_REGIONS: { readonly [partition: string]: string } = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
};
