/** Names and places from ARNs and Regions. */
import { toTable } from './table.ts';

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

/** Regions by partition, the usual ones first. Source: AWS's own endpoint data (`partitions.json` of its SDKs). */
const REGIONS: { readonly [partition: string]: readonly string[] } = toTable<readonly string[]>({
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

/** The partitions that there are, the usual one first. */
export const PARTITIONS = Object.keys(REGIONS);

/** Returns the partition's Regions, those that most readers know first. */
export function regionsOf(partition: string): readonly string[] {
  return REGIONS[partition] ?? [];
}

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
