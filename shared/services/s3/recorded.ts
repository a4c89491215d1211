/** S3's operations on an account in memory. Source: S3 API Reference. */
import { createHash } from 'node:crypto';
import {
  type Account,
  AwsError,
  BEFORE_THE_TRAIL,
  type Bucket,
  capitalised,
  type Input,
  type OperationContext,
  type OperationTable,
  optional,
  pageOf,
  type RecordedService,
  required,
  uncapitalised,
} from '../../recording/account.ts';
import { cannedGrants } from './aclDocument.ts';

function bucketOf(account: Account, input: Input, { lenient }: Pick<OperationContext, 'lenient'>): Bucket {
  const name = required(input, 'Bucket');
  let bucket = account.buckets.get(name);
  if (bucket === undefined) {
    if (!lenient) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist');
    bucket = { created: BEFORE_THE_TRAIL, policy: undefined };
    account.buckets.set(name, bucket);
  }
  return bucket;
}

const STRICT = { lenient: false };

/** Since then S3 blocks public access to new buckets, and makes their owner the owner of every object. */
const CLOSED_SINCE = new Date('2023-04-28T00:00:00Z');

const BLOCK_OF_NEW_BUCKETS = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

/** The canonical user id of an account, which its number does not show in AWS either. */
function canonicalId({ accountId }: Account): string {
  return createHash('sha256').update(`canonical user of ${accountId}`).digest('hex');
}

function ownersGrant(account: Account): object {
  return { Grantee: { Type: 'CanonicalUser', ID: canonicalId(account) }, Permission: 'FULL_CONTROL' };
}

/** Headers that each name whom a permission goes to. */
const GRANT_HEADERS: { readonly [parameter: string]: string } = {
  GrantFullControl: 'FULL_CONTROL',
  GrantRead: 'READ',
  GrantReadACP: 'READ_ACP',
  GrantWrite: 'WRITE',
  GrantWriteACP: 'WRITE_ACP',
};

/** `id="…", uri="…"` */
function granteesIn(header: string): object[] {
  return [...header.matchAll(/(id|uri)\s*=\s*"?([^",\s]+)"?/gi)].map(([, how = '', value]) =>
    how.toLowerCase() === 'id' ? { Type: 'CanonicalUser', ID: value } : { Type: 'Group', URI: value },
  );
}

/** The grants that an ACL names: whole, header by header, or canned. */
function grantsOf(account: Account, input: Input): readonly unknown[] {
  const policy = input['AccessControlPolicy'] as { readonly Grants?: readonly unknown[] } | undefined;
  if (Array.isArray(policy?.Grants)) return policy.Grants;
  const named = Object.entries(GRANT_HEADERS).flatMap(([parameter, Permission]) =>
    granteesIn(optional(input, parameter) ?? '').map((Grantee) => ({ Grantee, Permission })),
  );
  if (named.length > 0) return named;
  return [ownersGrant(account), ...cannedGrants(optional(input, 'ACL'))];
}

/** Making an own bucket again does no harm in the first Region, and takes its ACL away. Source: S3 API Reference, CreateBucket. */
function ownAlready(bucket: Bucket, region: string): Input {
  if (region !== 'us-east-1' || bucket.region !== region)
    throw new AwsError('BucketAlreadyOwnedByYou', 'Your previous request to create the bucket succeeded.');
  delete bucket.grants;
  return {};
}

const OPERATIONS: OperationTable = {
  CreateBucket(account, input, { now, region, lenient }) {
    const name = required(input, 'Bucket');
    const known = account.buckets.get(name);
    if (known !== undefined && !lenient) return ownAlready(known, region);
    account.buckets.set(name, {
      ...(now < CLOSED_SINCE
        ? {}
        : { publicAccessBlock: BLOCK_OF_NEW_BUCKETS, ownership: 'BucketOwnerEnforced' }),
      ...(optional(input, 'ObjectOwnership') === undefined
        ? {}
        : { ownership: optional(input, 'ObjectOwnership') }),
      ...(optional(input, 'ACL') === undefined ? {} : { grants: grantsOf(account, input) }),
      // What was set just before the record of the bucket itself stays.
      ...known,
      policy: known?.policy,
      created: now,
      region,
    });
    return {};
  },
  DeleteBucket(account, input, { lenient }) {
    if (!lenient) bucketOf(account, input, STRICT);
    account.buckets.delete(required(input, 'Bucket'));
    return {};
  },
  GetBucketPolicy(account, input) {
    const { policy } = bucketOf(account, input, STRICT);
    if (policy === undefined) throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist');
    return { Policy: policy };
  },
  PutBucketPolicy(account, input, context) {
    bucketOf(account, input, context).policy = required(input, 'Policy');
    return {};
  },
  DeleteBucketPolicy(account, input, context) {
    bucketOf(account, input, context).policy = undefined;
    return {};
  },
  GetPublicAccessBlock(account, input) {
    const { publicAccessBlock } = bucketOf(account, input, STRICT);
    if (publicAccessBlock === undefined)
      throw new AwsError('NoSuchPublicAccessBlockConfiguration', 'There is no public access block');
    return { PublicAccessBlockConfiguration: publicAccessBlock };
  },
  PutPublicAccessBlock(account, input, context) {
    bucketOf(account, input, context).publicAccessBlock = input['PublicAccessBlockConfiguration'] as Input;
    return {};
  },
  DeletePublicAccessBlock(account, input, context) {
    bucketOf(account, input, context).publicAccessBlock = undefined;
    return {};
  },
  GetBucketAcl(account, input) {
    const { grants = [ownersGrant(account)] } = bucketOf(account, input, STRICT);
    return { Owner: { ID: canonicalId(account) }, Grants: grants };
  },
  PutBucketAcl(account, input, context) {
    const bucket = bucketOf(account, input, context);
    if (bucket.ownership === 'BucketOwnerEnforced' && !context.lenient)
      throw new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs');
    bucket.grants = grantsOf(account, input);
    return {};
  },
  GetBucketOwnershipControls(account, input) {
    const { ownership } = bucketOf(account, input, STRICT);
    if (ownership === undefined)
      throw new AwsError('OwnershipControlsNotFoundError', 'The bucket ownership controls were not found');
    return { OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] } };
  },
  PutBucketOwnershipControls(account, input, context) {
    const controls = input['OwnershipControls'] as
      | { readonly Rules?: readonly { readonly ObjectOwnership?: string }[] }
      | undefined;
    const ownership = controls?.Rules?.[0]?.ObjectOwnership;
    if (ownership === undefined) throw new AwsError('MalformedXML', 'OwnershipControls must hold a rule');
    const bucket = bucketOf(account, input, context);
    if (ownership === 'BucketOwnerEnforced' && (bucket.grants ?? []).length > 1 && !context.lenient)
      throw new AwsError('InvalidBucketAclWithObjectOwnership', 'Bucket cannot have ACLs set');
    bucket.ownership = ownership;
    return {};
  },
  DeleteBucketOwnershipControls(account, input, context) {
    bucketOf(account, input, context).ownership = undefined;
    return {};
  },
  ListBuckets(account, input) {
    const wanted = optional(input, 'BucketRegion');
    const there = [...account.buckets].filter(([, { region = wanted }]) => (wanted ?? region) === region);
    const { items, next } = pageOf(there, input['ContinuationToken'], 1_000);
    return {
      Buckets: items.map(([name, { created }]) => ({ Name: name, CreationDate: created })),
      ...(next === undefined ? {} : { ContinuationToken: next }),
    };
  },
};

/** Members that a record spells as the XML of the request does, and the API otherwise. */
type XmlGrant = { readonly Grantee?: Input; readonly Permission?: unknown };

function toGrants(policy: Input): Input {
  const list = (policy['AccessControlList'] as Input | undefined)?.['Grant'] ?? [];
  const grants = (Array.isArray(list) ? list : [list]) as XmlGrant[];
  return {
    Owner: policy['Owner'],
    Grants: grants.map(({ Grantee = {}, Permission }) => {
      const { 'xsi:type': Type, 'xmlns:xsi': _, ...rest } = Grantee;
      return { Grantee: { Type, ...rest }, Permission };
    }),
  };
}

function fromGrants(policy: Input): Input {
  const grants = (policy['Grants'] ?? []) as XmlGrant[];
  return {
    Owner: policy['Owner'],
    AccessControlList: {
      Grant: grants.map(({ Grantee = {}, Permission }) => {
        const { Type, ...rest } = Grantee;
        return { Grantee: { 'xsi:type': Type, ...rest }, Permission };
      }),
    },
  };
}

/** Headers stand in records under their own names, some as a text and some as a list of one. */
function header(request: Input, name: string): unknown {
  const value = request[name];
  return Array.isArray(value) ? (value[0] as unknown) : value;
}

/** Operations whose events carry "Bucket" in their names. */
const RENAMED = ['PutPublicAccessBlock', 'DeletePublicAccessBlock', 'GetPublicAccessBlock'] as const;
const inEvents = (operation: string) => operation.replace(/^(Put|Delete|Get)/, '$1Bucket');

/** S3 calls its bucket and its policy by other names in records, and the policy is a JSON object there. */
export const S3: RecordedService = {
  client: 's3',
  source: 's3.amazonaws.com',
  operations: OPERATIONS,
  toOperation: (eventName) => RENAMED.find((name) => inEvents(name) === eventName) ?? eventName,
  toEventName: (operation) => (RENAMED.some((name) => name === operation) ? inEvents(operation) : operation),
  toInput(request) {
    const { 'x-amz-acl': _, acl: __, ...named } = request;
    const policy = request['AccessControlPolicy'];
    const controls = request['OwnershipControls'] as { readonly Rule?: unknown } | undefined;
    return {
      ...capitalised(named),
      Bucket: request['bucketName'],
      ACL: header(request, 'x-amz-acl'),
      ObjectOwnership: header(request, 'x-amz-object-ownership'),
      ...Object.fromEntries(
        Object.entries(GRANT_HEADERS).map(([parameter, permission]) => [
          parameter,
          header(request, `x-amz-grant-${permission.toLowerCase().replace('_', '-')}`),
        ]),
      ),
      ...(typeof request['bucketPolicy'] === 'object'
        ? { Policy: JSON.stringify(request['bucketPolicy']) }
        : {}),
      ...(typeof policy === 'object' && policy !== null
        ? { AccessControlPolicy: toGrants(policy as Input) }
        : {}),
      ...(controls === undefined ? {} : { OwnershipControls: { Rules: [controls.Rule].flat() } }),
    };
  },
  toRequest(input) {
    const { Bucket, ACL, ObjectOwnership, AccessControlPolicy, OwnershipControls, ...others } = input;
    const controls = OwnershipControls as { readonly Rules?: readonly unknown[] } | undefined;
    const { PublicAccessBlockConfiguration, ...rest } = others;
    return {
      ...uncapitalised(rest),
      bucketName: Bucket,
      ...(PublicAccessBlockConfiguration === undefined ? {} : { PublicAccessBlockConfiguration }),
      ...(ACL === undefined ? {} : { 'x-amz-acl': ACL }),
      ...(ObjectOwnership === undefined ? {} : { 'x-amz-object-ownership': ObjectOwnership }),
      ...(AccessControlPolicy === undefined
        ? {}
        : { AccessControlPolicy: fromGrants(AccessControlPolicy as Input) }),
      ...(controls === undefined ? {} : { OwnershipControls: { Rule: controls.Rules?.[0] } }),
      ...(typeof input['Policy'] === 'string'
        ? { bucketPolicy: JSON.parse(input['Policy']) as unknown }
        : {}),
    };
  },
};
