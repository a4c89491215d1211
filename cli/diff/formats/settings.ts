/** Settings that open or close a resource without a policy document: ACLs, blocks, URLs, sharing lists, providers. */
import { parseArn } from '../../../shared/policy/arn.ts';
import { aclDocument, ownershipDocument } from '../../../shared/services/s3/aclDocument.ts';
import { publicAccessDocument } from '../../../shared/services/s3/publicAccessDocument.ts';
import { sharingDocument } from '../../../shared/targets/sharingDocument.ts';
import { type Fields, isFields, listOf } from '../fields.ts';
import type { Fact, Part } from '../state.ts';
import { anySymbol, Opaque, OWN_ACCOUNT, spell } from '../symbols.ts';
import { composed, type Declared, factOf, itself, named, type Rule } from './declared.ts';

const GROUPS = 'http://acs.amazonaws.com/groups/';
const ALL_USERS = `${GROUPS}global/AllUsers`;
const SIGNED_IN = `${GROUPS}global/AuthenticatedUsers`;

/** Canned ACLs as what they grant. Those that name only the bucket's owner grant nothing. Source: S3 User Guide, "Canned ACL". */
const CANNED: { readonly [name: string]: readonly (readonly [uri: string, permission: string])[] } = {
  PublicRead: [[ALL_USERS, 'READ']],
  PublicReadWrite: [
    [ALL_USERS, 'READ'],
    [ALL_USERS, 'WRITE'],
  ],
  AuthenticatedRead: [[SIGNED_IN, 'READ']],
  LogDeliveryWrite: [
    [`${GROUPS}s3/LogDelivery`, 'WRITE'],
    [`${GROUPS}s3/LogDelivery`, 'READ_ACP'],
  ],
  Private: [],
  BucketOwnerRead: [],
  BucketOwnerFullControl: [],
  AwsExecRead: [],
};

type Grant = {
  readonly uri?: string | undefined;
  readonly id?: string | undefined;
  readonly permission: string;
};

/** Returns what a canned ACL grants; undefined for a name that is none. */
function cannedGrants(name: string): Grant[] | undefined {
  const plain = name.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase()).toLowerCase();
  const [, grants] = Object.entries(CANNED).find(([each]) => each.toLowerCase() === plain) ?? [];
  return grants?.map(([uri, permission]) => ({ uri, permission }));
}

/** Returns the part that an ACL is: a canned one by its name, or a list of grants. */
export function aclPart(declared: Declared, given: unknown, bucket: string): Part[] {
  if (given === undefined || given === null || given === '') return [];
  const grants = typeof given === 'string' ? cannedGrants(given) : grantsOf(given);
  if (grants === undefined) {
    const why = 'its ACL is not known';
    return [composed(declared, 'acl', new Opaque(`acl ${JSON.stringify(given)}`, why))];
  }
  const text = aclDocument(
    {
      ownerId: undefined,
      grants: grants.map(({ uri, id, permission }) => ({
        Grantee: { Type: uri === undefined ? 'CanonicalUser' : 'Group', URI: uri, ID: id },
        Permission: permission as 'READ', // What is none of S3's permissions gives no document.
      })),
    },
    bucketPlace(bucket),
  );
  const value =
    text === undefined
      ? new Opaque(`acl ${JSON.stringify(given)}`, 'its ACL is not known')
      : JSON.parse(text);
  return [composed(declared, 'acl', value as object)];
}

function grantsOf(given: unknown): Grant[] | undefined {
  const grants = listOf(given).map((each): Grant | undefined => {
    if (!isFields(each)) return undefined;
    const [inner] = listOf(each['grantee']);
    const grantee = isFields(inner) ? inner : each;
    const { uri, id } = grantee;
    const permissions = listOf(each['permission'] ?? each['permissions']);
    const [permission] = permissions;
    if (typeof permission !== 'string') return undefined;
    return {
      permission: permissions.length > 1 ? 'FULL_CONTROL' : permission,
      uri: typeof uri === 'string' && uri !== '' ? uri : undefined,
      id: typeof id === 'string' && id !== '' ? id : undefined,
    };
  });
  return grants.includes(undefined) ? undefined : grants.filter((each) => each !== undefined);
}

/** Returns the part that keeps ACLs out. */
export function ownershipPart(declared: Declared, ownership: unknown, bucket: string): Part[] {
  const text = ownershipDocument(
    typeof ownership === 'string' ? ownership : undefined,
    bucketPlace(bucket).arn,
  );
  return text === undefined ? [] : [composed(declared, 'ownership', JSON.parse(text) as object)];
}

const FLAGS = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'] as const;

/** Returns the part that a public access block is. Its flags are `BlockPublicAcls` or `block_public_acls`. */
export function blockPart(declared: Declared, block: Fields, bucket: string): Part {
  const flags = Object.fromEntries(
    FLAGS.map((flag) => {
      const snake = flag.replaceAll(/(?!^)([A-Z])/g, '_$1').toLowerCase();
      return [flag, String(block[flag] ?? block[snake] ?? false) === 'true'];
    }),
  );
  return composed(declared, 'block', blockDocument(flags, bucket));
}

/** Returns what a block with all its flags keeps out: what S3 sets for a new bucket since April 2023. */
export function wholeBlock(bucket: string): object {
  return blockDocument(Object.fromEntries(FLAGS.map((flag) => [flag, true])), bucket);
}

/** Returns what a block keeps out that looks at ACLs alone. */
export function aclBlock(bucket: string): object {
  return blockDocument({ BlockPublicAcls: true, IgnorePublicAcls: true }, bucket);
}

function blockDocument(flags: { readonly [flag: string]: boolean }, bucket: string): object {
  const { arn, accountId } = bucketPlace(bucket);
  const text = publicAccessDocument(flags, { accountId, resources: [arn, `${arn}/*`] });
  return text === undefined ? { Version: '2012-10-17', Statement: [] } : (JSON.parse(text) as object);
}

function bucketPlace(bucket: string) {
  const name = bucket.startsWith('arn:') ? parseArn(bucket).resource : bucket;
  return { arn: `arn:aws:s3:::${name.startsWith('?') ? '*' : spell(name)}`, accountId: OWN_ACCOUNT };
}

/** A bucket's name as its other facts know it. */
export function bucketOf(declared: Declared, property?: string): string {
  const [first = declared.self, second] =
    property === undefined
      ? itself('bucket', declared, 'BucketName').ids
      : named('bucket', declared.get(property), declared).ids;
  return second ?? first;
}

/** A URL that takes requests which nobody signed. Source: Lambda Developer Guide, "Control access to Lambda function URLs". */
export function urlPart(declared: Declared, authType: unknown, target: unknown): Part[] {
  if (authType === 'AWS_IAM') return [];
  if (authType !== 'NONE') {
    const why = 'how its URL is authorized is not known';
    return authType === undefined
      ? []
      : [composed(declared, 'url', new Opaque(JSON.stringify(authType) ?? '', why))];
  }
  const name = typeof target === 'string' ? target : '*';
  const Resource = name.startsWith('arn:') ? name : `arn:aws:lambda:*:${OWN_ACCOUNT}:function:${name}`;
  const Condition = { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } };
  const statement = {
    Effect: 'Allow',
    Principal: '*',
    Action: 'lambda:InvokeFunctionUrl',
    Resource,
    Condition,
  };
  return [composed(declared, 'url', { Version: '2012-10-17', Statement: [statement] })];
}

type Shared = {
  readonly type: string;
  readonly of: string;
  readonly service: string;
  readonly actions: readonly string[];
};

/** A list of those a snapshot or image is shared with. */
export function sharedWith({ type, of, service, actions }: Shared, sharees: readonly string[]): Rule {
  return (declared) => {
    const target = declared.get(of);
    const parts = sharees.flatMap((property) =>
      listOf(declared.get(property)).map((sharee): Part => {
        const id = `share:${String(sharee)}`;
        const resource = `arn:aws:${service}/${typeof target === 'string' ? spell(target) : '*'}`;
        const text = typeof sharee === 'string' ? sharingDocument(sharee, { actions, resource }) : undefined;
        const opaque = new Opaque(`share ${String(sharee)}`, `whom \`${String(sharee)}\` means is not known`);
        return composed(declared, id, text === undefined ? opaque : (JSON.parse(text) as object));
      }),
    );
    return [factOf(declared, { entity: named(type, target, declared), facet: 'sharing', parts })];
  };
}

/** What a setting lists, as a statement that an entry more widens: identity providers, sources of trust. */
export function listed(
  type: string,
  name: string | undefined,
  properties: readonly string[],
  action: string,
): Rule {
  return (declared): Fact[] => {
    const Condition: { [key: string]: unknown } = {};
    for (const property of properties) {
      const value = declared.get(property);
      if (value === undefined || value === null) continue;
      if (value instanceof Opaque) Condition[`ratchet:${property}`] = anySymbol(value.key);
      else
        Condition[`ratchet:${property}`] = listOf(value).map((each) =>
          typeof each === 'string' ? each : JSON.stringify(each),
        );
    }
    const entity = itself(type, declared, name);
    const statement = {
      Effect: 'Allow',
      Principal: { Federated: entity.ids.at(-1) ?? declared.self },
      Action: action,
      Resource: '*',
      Condition: { StringEquals: Condition },
    };
    const part = composed(declared, 'setting', { Version: '2012-10-17', Statement: [statement] });
    return [factOf(declared, { entity, facet: 'identity-provider', defines: true, parts: [part] })];
  };
}

/** Grants that a resource lists as principals with something they get. */
export function grantsTo({
  type,
  of,
  facet,
  statements,
}: {
  readonly type: string;
  readonly of: string;
  readonly facet: 'cluster-access' | 'assignment' | 'sharing';
  readonly statements: (declared: Declared) => readonly Fields[];
}): Rule {
  return (declared) => {
    const parts = statements(declared).map((statement, index) =>
      composed(declared, `statement:${spell(declared.self)}:${index}`, {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', ...statement }],
      }),
    );
    return [factOf(declared, { entity: named(type, declared.get(of), declared), facet, parts })];
  };
}

/** Blocks of public sharing of snapshots and images, from the least to the most that they keep out. Source: EC2 API Reference, "EnableSnapshotBlockPublicAccess". */
export function sharingBlock(type: string, property: string): Rule {
  return (declared) => {
    const state = declared.get(property);
    const level = /^block-all-sharing$/.test(String(state))
      ? 2
      : /^block-new-sharing$/.test(String(state))
        ? 1
        : 0;
    const kept = ['ec2:ModifySnapshotAttribute', 'ec2:CreateVolume'].slice(0, level);
    const Statement = kept.map((Action) => ({
      Effect: 'Deny',
      Principal: '*',
      Action,
      Resource: '*',
      Condition: { StringEquals: { 'ratchet:GrantedBy': 'public-sharing' } },
    }));
    const part = composed(declared, 'block', { Version: '2012-10-17', Statement });
    return [
      factOf(declared, { entity: { type, ids: ['account'] }, facet: 'public-access-block', parts: [part] }),
    ];
  };
}

/** What is given to a template that is not read: UNKNOWN where it is new or changed. */
export function valuesElsewhere(...properties: readonly string[]): Rule {
  return (declared) => {
    const values = properties.map((property) => declared.get(property));
    if (values.every((value) => value === undefined)) return [];
    const opaque = new Opaque(JSON.stringify(values), 'the template that takes its values is not read');
    const part = composed(declared, 'template', opaque);
    const entity = itself('stack', declared);
    return [factOf(declared, { entity, facet: 'document', defines: true, parts: [part] })];
  };
}

/** A setting of access that is named and not judged: UNKNOWN where it is new or changed. */
export function namedSetting(type: string, of: string, property: string): Rule {
  return (declared) => {
    const value = declared.get(property);
    const why = `what \`${property}\` of \`${declared.type}\` grants is not read`;
    const part = composed(declared, property, new Opaque(JSON.stringify(value) ?? '', why));
    return [
      factOf(declared, { entity: named(type, declared.get(of), declared), facet: 'sharing', parts: [part] }),
    ];
  };
}

/** Settings on which access depends and that are not read: UNKNOWN where one changed, silent where the resource is new. */
export function changedSetting(...properties: readonly string[]): Rule {
  return (declared) => {
    const values = properties.map((property) => declared.get(property));
    const why = `what \`${properties.join('`, `')}\` of \`${declared.type}\` changes for others is not read`;
    const part = composed(declared, 'setting', new Opaque(JSON.stringify(values), why));
    const entity = { type: declared.type, ids: [declared.self] };
    return [factOf(declared, { entity, facet: 'authorization', defines: true, parts: [part] })];
  };
}

/** Principals with whom a share's resources are shared. */
export function shareOf(name: string, principals: string, resources: string): Rule {
  return (declared) => {
    const entity = itself('share', declared, name);
    const shared = listOf(declared.get(resources));
    const parts = listOf(declared.get(principals)).map((sharee): Part => {
      const id = `share:${String(sharee)}`;
      const actions = ['ram:GetResourceShares'];
      const text =
        typeof sharee === 'string' ? sharingDocument(sharee, { actions, resource: '*' }) : undefined;
      if (text === undefined) {
        const why = `whom \`${String(sharee)}\` means is not known`;
        return composed(declared, id, new Opaque(`share ${JSON.stringify([sharee, shared])}`, why));
      }
      const document = JSON.parse(text) as { readonly Statement: readonly Fields[] };
      const Statement = document.Statement.map((each) => ({
        ...each,
        Resource: shared.length > 0 ? shared : '*',
      }));
      return composed(declared, id, { ...document, Statement });
    });
    return [factOf(declared, { entity, facet: 'sharing', defines: true, parts })];
  };
}
