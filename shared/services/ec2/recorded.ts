/** EC2's operations on endpoint policies, sharing lists and what blocks sharing, in memory. Source: EC2 API Reference. */
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
  uncapitalised,
  uniqueIdOf,
} from '../../recording/account.ts';

type Place = Pick<OperationContext, 'region'>;

const arnOf = (account: Account, { region }: Place, type: string, id: string) =>
  `arn:${account.partition}:ec2:${region}:${type === 'vpc-endpoint' ? account.accountId : ''}:${type}/${id}`;

const idOf = ({ arn }: Resource) => arn.slice(arn.indexOf('/') + 1);

/** What lets pass everything: an endpoint's policy when none was given. */
const FULL_ACCESS = JSON.stringify({
  Statement: [{ Action: '*', Effect: 'Allow', Principal: '*', Resource: '*' }],
});

function newId(account: Account, prefix: string, input: Input, name: string, now: Date): string {
  const made = uniqueIdOf('', `${prefix} ${account.resources.size}`, now).toLowerCase();
  return optional(input, name) ?? `${prefix}-${made}`;
}

/** Without a size EC2 gives everything at once. */
function pageSize({ MaxResults: size }: Input): number {
  return typeof size === 'number' ? size : Number.POSITIVE_INFINITY;
}

const ENDPOINTS: OperationTable = {
  CreateVpcEndpoint(account, input, context) {
    const id = newId(account, 'vpce', input, 'VpcEndpointId', context.now);
    const endpoint = makeResource(account, arnOf(account, context, 'vpc-endpoint', id), context.now);
    endpoint.policy = optional(input, 'PolicyDocument') ?? FULL_ACCESS;
    // Source: EC2 API Reference, CreateVpcEndpoint: `Gateway` unless another is given.
    endpoint.facts.set('type', optional(input, 'VpcEndpointType') ?? 'Gateway');
    return { VpcEndpoint: { VpcEndpointId: id } };
  },
  ModifyVpcEndpoint(account, input, context) {
    const arn = arnOf(account, context, 'vpc-endpoint', required(input, 'VpcEndpointId'));
    const endpoint = resourceOf(account, arn, { ...context, notFound: 'InvalidVpcEndpointId.NotFound' });
    if (input['ResetPolicy'] === true) endpoint.policy = FULL_ACCESS;
    else endpoint.policy = optional(input, 'PolicyDocument') ?? endpoint.policy;
    return { Return: true };
  },
  DeleteVpcEndpoints(account, input, context) {
    const ids: unknown[] = [input['VpcEndpointIds'] ?? input['VpcEndpointId']].flat();
    for (const one of ids) {
      // In records an id stands below its tag.
      const id = typeof one === 'object' && one !== null ? required(one as Input, 'content') : String(one);
      account.resources.delete(arnOf(account, context, 'vpc-endpoint', id));
    }
    return { Unsuccessful: [] };
  },
  DescribeVpcEndpoints(account, input, { region }) {
    const wanted = input['VpcEndpointIds'] as readonly string[] | undefined;
    const all = resourcesOf(account, 'ec2', region).filter(({ arn }) => arn.includes(':vpc-endpoint/'));
    const found = all.filter((one) => wanted?.includes(idOf(one)) ?? true);
    if (wanted !== undefined && found.length === 0)
      throw new AwsError('InvalidVpcEndpointId.NotFound', `The Vpc Endpoint Id '${wanted}' does not exist`);
    const { items, next } = pageOf(found, input['NextToken'], pageSize(input));
    return {
      NextToken: next,
      VpcEndpoints: items.map((one) => ({
        VpcEndpointId: idOf(one),
        State: 'available',
        VpcEndpointType: one.facts.get('type'),
        PolicyDocument: one.policy ?? FULL_ACCESS,
        CreationTimestamp: one.created,
      })),
    };
  },
};

type Sharee = { readonly [member: string]: unknown };

function listOf({ facts }: Resource): readonly Sharee[] {
  return (facts.get('sharedWith') ?? []) as readonly Sharee[];
}

const isSame = (a: Sharee, b: Sharee) => JSON.stringify(a) === JSON.stringify(b);

type SharedThing = {
  readonly type: string;
  readonly id: string;
  readonly notFound: string;
  /** The input's member that changes the list, and the answer's that shows it. */
  readonly changed: string;
  readonly shown: string;
};

/** The operations on a list of sharees: the same for snapshots and images. */
function sharing(what: string, { type, id, notFound, changed, shown }: SharedThing): OperationTable {
  const resource = (account: Account, input: Input, context: OperationContext) =>
    resourceOf(account, arnOf(account, context, type, required(input, id)), { ...context, notFound });
  return {
    [`Modify${what}Attribute`](account, input, context) {
      const { Add = [], Remove = [] } = (input[changed] ?? {}) as {
        readonly Add?: readonly Sharee[];
        readonly Remove?: readonly Sharee[];
      };
      const { facts, ...rest } = resource(account, input, context);
      const kept = listOf({ facts, ...rest }).filter(
        (one) => ![...Add, ...Remove].some((other) => isSame(one, other)),
      );
      facts.set('sharedWith', [...kept, ...Add]);
      return { Return: true };
    },
    [`Reset${what}Attribute`](account, input, context) {
      resource(account, input, context).facts.delete('sharedWith');
      return { Return: true };
    },
    [`Describe${what}Attribute`]: (account, input, context) => ({
      [id]: input[id],
      [shown]: listOf(resource(account, input, { ...context, lenient: false })),
    }),
    [`Describe${what}s`](account, input, { region }) {
      const all = resourcesOf(account, 'ec2', region).filter(({ arn }) => arn.includes(`::${type}/`));
      const { items, next } = pageOf(all, input['NextToken'], pageSize(input));
      return { [`${what}s`]: items.map((one) => ({ [id]: idOf(one) })), NextToken: next };
    },
  };
}

const make =
  (type: string, prefix: string, name: string): OperationTable[string] =>
  (account, input, context) => {
    const id = newId(account, prefix, input, name, context.now);
    makeResource(account, arnOf(account, context, type, id), context.now);
    return { [name]: id };
  };

const remove =
  (type: string, name: string): OperationTable[string] =>
  (account, input, context) => {
    account.resources.delete(arnOf(account, context, type, required(input, name)));
    return { Return: true };
  };

function blocks(account: Account, { region }: Place): Resource {
  const arn = `arn:${account.partition}:ec2:${region}:${account.accountId}:block-public-access`;
  return resourceOf(account, arn, { lenient: true, notFound: '' });
}

const BLOCKS: OperationTable = {
  GetSnapshotBlockPublicAccessState: (account, _, context) => ({
    State: blocks(account, context).facts.get('snapshots') ?? 'unblocked',
    ManagedBy: 'account',
  }),
  EnableSnapshotBlockPublicAccess(account, input, context) {
    blocks(account, context).facts.set('snapshots', required(input, 'State'));
    return { State: input['State'] };
  },
  DisableSnapshotBlockPublicAccess(account, _, context) {
    blocks(account, context).facts.delete('snapshots');
    return { State: 'unblocked' };
  },
  GetImageBlockPublicAccessState: (account, _, context) => ({
    ImageBlockPublicAccessState: blocks(account, context).facts.get('images') ?? 'unblocked',
    ManagedBy: 'account',
  }),
  EnableImageBlockPublicAccess(account, input, context) {
    blocks(account, context).facts.set('images', required(input, 'ImageBlockPublicAccessState'));
    return { ImageBlockPublicAccessState: input['ImageBlockPublicAccessState'] };
  },
  DisableImageBlockPublicAccess(account, _, context) {
    blocks(account, context).facts.delete('images');
    return { ImageBlockPublicAccessState: 'unblocked' };
  },
};

/** A sharing list in a record: `{ add: { items: [{ userId }] } }`. */
function toSharing(change: unknown): Input {
  const both = (change ?? {}) as { readonly [name: string]: { readonly items?: readonly Input[] } };
  return Object.fromEntries(
    Object.entries(both).map(([name, { items = [] }]) => [
      name === 'add' ? 'Add' : 'Remove',
      items.map((item) => capitalised(item)),
    ]),
  );
}

function fromSharing(change: unknown): Input {
  const both = (change ?? {}) as { readonly [name: string]: readonly Input[] };
  return Object.fromEntries(
    Object.entries(both).map(([name, items]) => [
      name.toLowerCase(),
      { items: items.map((item) => uncapitalised(item)) },
    ]),
  );
}

const LISTS = ['createVolumePermission', 'launchPermission'] as const;

/** Newer calls stand below the name of their request; ids of new resources are in the answer. */
export const EC2: RecordedService = {
  client: 'ec2',
  source: 'ec2.amazonaws.com',
  operations: {
    ...ENDPOINTS,
    ...sharing('Snapshot', {
      type: 'snapshot',
      id: 'SnapshotId',
      notFound: 'InvalidSnapshot.NotFound',
      changed: 'CreateVolumePermission',
      shown: 'CreateVolumePermissions',
    }),
    ...sharing('Image', {
      type: 'image',
      id: 'ImageId',
      notFound: 'InvalidAMIID.NotFound',
      changed: 'LaunchPermission',
      shown: 'LaunchPermissions',
    }),
    CreateSnapshot: make('snapshot', 'snap', 'SnapshotId'),
    CopySnapshot: make('snapshot', 'snap', 'SnapshotId'),
    DeleteSnapshot: remove('snapshot', 'SnapshotId'),
    CreateImage: make('image', 'ami', 'ImageId'),
    CopyImage: make('image', 'ami', 'ImageId'),
    RegisterImage: make('image', 'ami', 'ImageId'),
    DeregisterImage: remove('image', 'ImageId'),
    ...BLOCKS,
  },
  toInput(request, response) {
    const body = Object.entries(request).find(([name]) => name.endsWith('Request'))?.[1];
    const answer = Object.entries(response).find(([name]) => name.endsWith('Response'))?.[1];
    const { vpcEndpoint = {}, snapshotId, imageId } = (answer ?? response) as Input;
    const lists = LISTS.filter((name) => request[name] !== undefined).map((name) => [
      `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
      toSharing(request[name]),
    ]);
    return {
      ...capitalised(request),
      ...(typeof body === 'object' ? body : {}),
      ...capitalised(vpcEndpoint as Input),
      ...(snapshotId === undefined ? {} : { SnapshotId: snapshotId }),
      ...(imageId === undefined ? {} : { ImageId: imageId }),
      ...Object.fromEntries(lists),
    };
  },
  toRequest(input) {
    const { CreateVolumePermission, LaunchPermission, ...rest } = input;
    return {
      ...uncapitalised(rest),
      ...(CreateVolumePermission === undefined
        ? {}
        : { createVolumePermission: fromSharing(CreateVolumePermission) }),
      ...(LaunchPermission === undefined ? {} : { launchPermission: fromSharing(LaunchPermission) }),
    };
  },
  toResponse: ({ VpcEndpoint, SnapshotId, ImageId }) => ({
    ...(VpcEndpoint === undefined ? {} : { vpcEndpoint: uncapitalised(VpcEndpoint as Input) }),
    ...(SnapshotId === undefined ? {} : { snapshotId: SnapshotId }),
    ...(ImageId === undefined ? {} : { imageId: ImageId }),
  }),
};
