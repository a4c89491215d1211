/** KMS's operations on key policies and grants in memory. Source: KMS API Reference. */
import {
  type Account,
  AwsError,
  capitalised,
  type Input,
  makeResource,
  type OperationContext,
  type OperationTable,
  optional,
  pageOf,
  type RecordedService,
  type Resource,
  required,
  resourceOf,
  resourcesOf,
  uniqueIdOf,
} from '../../recording/account.ts';

function keyArn(account: Account, input: Input, region: string): string {
  const given = required(input, 'KeyId');
  return given.startsWith('arn:')
    ? given
    : `arn:${account.partition}:kms:${region}:${account.accountId}:key/${given}`;
}

function keyOf(account: Account, input: Input, { lenient, region }: Omit<OperationContext, 'now'>): Resource {
  return resourceOf(account, keyArn(account, input, region), { lenient, notFound: 'NotFoundException' });
}

type Grants = Map<string, Input>;

function grantsOf(key: Resource): Grants {
  const known = key.facts.get('grants');
  if (known instanceof Map) return known as Grants;
  const grants: Grants = new Map();
  key.facts.set('grants', grants);
  return grants;
}

/** What a key has whose policy nobody wrote: the account decides. Source: KMS Developer Guide, "Default key policy". */
function defaultPolicy({ accountId, partition }: Account): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  });
}

const metadataOf = ({ arn, created }: Resource) => ({
  Arn: arn,
  KeyId: arn.slice(arn.indexOf('/') + 1),
  CreationDate: created,
  KeyManager: 'CUSTOMER',
  KeyState: 'Enabled',
});

function removeGrant(account: Account, input: Input, context: OperationContext): Input {
  const grants = grantsOf(keyOf(account, input, context));
  if (!grants.delete(required(input, 'GrantId')) && !context.lenient)
    throw new AwsError('NotFoundException', 'there is no such grant');
  return {};
}

const OPERATIONS: OperationTable = {
  CreateKey(account, input, { now, region }) {
    const id = optional(input, 'KeyId') ?? uniqueIdOf('', `key ${account.resources.size}`, now).toLowerCase();
    const arn = keyArn(account, { KeyId: id }, region);
    const known = account.resources.get(arn);
    const key = makeResource(account, arn, now);
    key.policy = optional(input, 'Policy') ?? known?.policy ?? defaultPolicy(account);
    return { KeyMetadata: metadataOf(key) };
  },
  DescribeKey: (account, input, context) => ({
    KeyMetadata: metadataOf(keyOf(account, input, { ...context, lenient: false })),
  }),
  GetKeyPolicy: (account, input, context) => ({
    Policy: keyOf(account, input, { ...context, lenient: false }).policy ?? defaultPolicy(account),
    PolicyName: 'default',
  }),
  PutKeyPolicy(account, input, context) {
    keyOf(account, input, context).policy = required(input, 'Policy');
    return {};
  },
  ListGrants(account, input, context) {
    const grants = [...grantsOf(keyOf(account, input, { ...context, lenient: false })).values()];
    const { items, next } = pageOf(grants, input['Marker'], 50);
    return { Grants: items, Truncated: next !== undefined, NextMarker: next };
  },
  CreateGrant(account, input, context) {
    const key = keyOf(account, input, context);
    const { KeyId: _, GrantId: __, ...grant } = input;
    const id =
      optional(input, 'GrantId') ??
      uniqueIdOf('', `${key.arn} ${grantsOf(key).size}`, context.now).toLowerCase();
    grantsOf(key).set(id, { ...grant, GrantId: id, KeyId: key.arn, CreationDate: context.now });
    return { GrantId: id };
  },
  RevokeGrant: removeGrant,
  RetireGrant: removeGrant,
  ListKeys(account, input, { region }) {
    const { items, next } = pageOf(resourcesOf(account, 'kms', region), input['Marker'], 100);
    return {
      Keys: items.map(({ arn }) => ({ KeyArn: arn })),
      Truncated: next !== undefined,
      NextMarker: next,
    };
  },
};

/** Ids of new keys and grants stand in the answers; a constraint keeps its small first letter in records. */
export const KMS: RecordedService = {
  client: 'kms',
  source: 'kms.amazonaws.com',
  operations: OPERATIONS,
  toInput(request, response) {
    const metadata = (response['keyMetadata'] ?? {}) as Input;
    const constraints = request['constraints'] as Input | undefined;
    return {
      ...capitalised(request),
      ...(constraints === undefined ? {} : { Constraints: capitalised(constraints) }),
      // A grant that is retired is named by a token, which records leave out.
      ...(request['keyId'] === undefined ? { KeyId: metadata['keyId'] ?? response['keyId'] } : {}),
      ...(response['grantId'] === undefined ? {} : { GrantId: response['grantId'] }),
    };
  },
  toResponse: (output) => {
    const metadata = output['KeyMetadata'] as ReturnType<typeof metadataOf> | undefined;
    if (metadata !== undefined) return { keyMetadata: { arn: metadata.Arn, keyId: metadata.KeyId } };
    return output['GrantId'] === undefined ? {} : { grantId: output['GrantId'] };
  },
};
