/** Names and places from ARNs and Regions. */

export type PrincipalType = 'role' | 'user' | 'group';

/** The six parts of an ARN but the first; those that it lacks are empty. */
export type Arn = {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly accountId: string;
  /** All that follows the account, colons included. */
  readonly resource: string;
};

/** Returns the parts of the ARN. */
export function parseArn(arn: string): Arn {
  const [, partition = '', service = '', region = '', accountId = '', ...resource] = arn.split(':');
  return { partition, service, region, accountId, resource: resource.join(':') };
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
  const [type = '', ...rest] = (arn.split(':')[5] ?? '').split('/');
  return { type: type === 'user' || type === 'group' ? type : 'role', name: rest.at(-1) ?? '' };
}

/** Returns the ARN of a role, user or group without its path. */
export function withoutPath(arn: string): string {
  const [type = '', ...rest] = arn.split(':').slice(5).join(':').split('/');
  return `${arn.split(':').slice(0, 5).join(':')}:${type}/${rest.at(-1) ?? ''}`;
}

/** Returns the partition of a Region. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
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
