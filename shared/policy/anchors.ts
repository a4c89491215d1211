/**
 * Context keys that can anchor trust in somebody: a policy that fixes one of them is not public.
 * Source: S3 User Guide, "The meaning of public"; EFS User Guide, "Blocking public access to file systems"; IAM User
 * Guide, "AWS global condition context keys".
 */
import { toTable } from './table.ts';

/** How the values of an anchor name somebody beside being equal to a text. */
export type AnchorShape =
  | 'text'
  | 'account'
  | 'arn'
  /** `o-…/r-…/ou-…/`: the organization is what is named. */
  | 'organizationPath'
  /** `AROA…:session`: the id is what is named. */
  | 'uniqueId'
  | 'address'
  /** True names somebody, false nobody. */
  | 'flag';

/** By lower-cased key. Every other key anchors nothing: a stranger may hold any value of it. */
const ANCHORS: { readonly [key: string]: AnchorShape } = toTable<AnchorShape>({
  'aws:sourcearn': 'arn',
  'aws:sourceaccount': 'account',
  'aws:sourceowner': 'account',
  'aws:sourcevpc': 'text',
  'aws:sourcevpcarn': 'arn',
  'aws:sourcevpce': 'text',
  'aws:vpceaccount': 'account',
  'aws:vpceorgid': 'text',
  'aws:vpceorgpaths': 'organizationPath',
  'aws:sourceip': 'address',
  'aws:sourceorgid': 'text',
  'aws:sourceorgpaths': 'organizationPath',
  'aws:principalorgid': 'text',
  'aws:principalorgpaths': 'organizationPath',
  'aws:principalarn': 'arn',
  'aws:principalaccount': 'account',
  'aws:userid': 'uniqueId',
  // Names of one service: whoever holds one of them is that service.
  'aws:principalservicenameslist': 'text',
  's3:dataaccesspointaccount': 'account',
  's3:dataaccesspointarn': 'arn',
  'kms:calleraccount': 'account',
});

/** Where a type of resource differs; undefined takes an anchor away. */
const BY_TYPE: {
  readonly [resourceType: string]: { readonly [key: string]: AnchorShape | undefined };
} = toTable<{ readonly [key: string]: AnchorShape | undefined }>({
  'AWS::EFS::FileSystem': toTable<AnchorShape | undefined>({
    's3:dataaccesspointaccount': undefined,
    's3:dataaccesspointarn': undefined,
    // Only a network that holds a mount target of the file system has it.
    'elasticfilesystem:accessedviamounttarget': 'flag',
  }),
});

/**
 * Policies that limit and grant nothing. Source: AWS PrivateLink guide, "Control access to VPC endpoints using endpoint
 * policies"; Organizations User Guide, "Resource control policies (RCPs)".
 */
const LIMITS: ReadonlySet<string> = new Set(['AWS::EC2::VPCEndpoint', 'AWS::Organizations::Policy']);

/** Returns how values of the key (lower-cased) name somebody, for a type of resource; undefined when they name nobody. */
export function anchorShape(key: string, resourceType: string): AnchorShape | undefined {
  const special = BY_TYPE[resourceType];
  return special !== undefined && key in special ? special[key] : ANCHORS[key];
}

/** Returns true iff policies of that type of resource grant nothing themselves, so that none is public. */
export function isLimit(resourceType: string): boolean {
  return LIMITS.has(resourceType);
}
