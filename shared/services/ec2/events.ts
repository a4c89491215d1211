/**
 * Events of EC2. Newer calls stand in records below the name of their request (`ModifyVpcEndpointRequest`), with the
 * API's own capitals; older ones stand flat, with small first letters.
 */
import {
  type EventFields,
  type EventRow,
  type Fields,
  type ServiceEvents,
  textOf,
} from '../../changes/eventRow.ts';

/** Returns the parameters of a call, or the answer's members, in whichever of the two forms. */
function inside(fields: Fields): Fields {
  const wrapped = Object.entries(fields).find(([name]) => /(Request|Response)$/.test(name))?.[1];
  return typeof wrapped === 'object' && wrapped !== null ? { ...fields, ...wrapped } : fields;
}

/** A member by its small or its capital first letter. */
function member(fields: Fields, name: string): unknown {
  const found = inside(fields);
  return found[name] ?? found[`${name.slice(0, 1).toUpperCase()}${name.slice(1)}`];
}

function text(fields: Fields, name: string): string | undefined {
  const value = member(fields, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const arnOf =
  (type: string, id: (fields: EventFields) => string | undefined, owned: boolean) =>
  (fields: EventFields): string | undefined => {
    const found = id(fields);
    const { partition, region, accountId } = fields;
    return found === undefined
      ? undefined
      : `arn:${partition}:ec2:${region}:${owned ? accountId : ''}:${type}/${found}`;
  };

const requested =
  (name: string) =>
  ({ request }: EventFields): string | undefined =>
    text(request, name);
const answered =
  (name: string) =>
  ({ response }: EventFields): string | undefined =>
    text(response, name);

/** The new endpoint stands below `vpcEndpoint` in the answer. */
function newEndpoint({ response }: EventFields): string | undefined {
  const endpoint = member(response, 'vpcEndpoint');
  return typeof endpoint === 'object' && endpoint !== null
    ? text(endpoint as Fields, 'vpcEndpointId')
    : undefined;
}

/** Endpoints are deleted by list; of several the sweep finds the others gone. */
function deletedEndpoint({ request }: EventFields): string | undefined {
  const [id] = [member(request, 'vpcEndpointId')].flat();
  return typeof id === 'object' && id !== null ? textOf(id as Fields, 'content') : text({ id }, 'id');
}

const row =
  (kind: EventRow['kind'], type: string, owned = false) =>
  (
    name: string,
    id: (fields: EventFields) => string | undefined,
    needs: string,
    restore: string,
    more: Partial<EventRow> = {},
  ): EventRow => ({
    source: 'ec2.amazonaws.com',
    name,
    kind,
    target: arnOf(type, id, owned),
    needs,
    restore,
    ...more,
  });

const endpoint = row('vpc-endpoint-policy', 'vpc-endpoint', true);
const snapshot = row('ec2-snapshot-sharing', 'snapshot');
const image = row('ec2-image-sharing', 'image');

const block = (name: string, restore: string): EventRow => ({
  source: 'ec2.amazonaws.com',
  name,
  kind: 'ec2-block-public-access',
  target: ({ partition, region, accountId }) =>
    `arn:${partition}:ec2:${region}:${accountId}:block-public-access`,
  needs: 'recipientAccountId',
  restore,
});

const CREATES = { effect: 'creates' } as const;
const DELETES = { effect: 'deletes' } as const;
const [SNAPSHOT, IMAGE, ENDPOINT] = ['snapshotId', 'imageId', 'vpcEndpointId'].map(
  (name) => `requestParameters.${name}`,
) as [string, string, string]; // One for each of the three names.

export const EC2_EVENTS: ServiceEvents = {
  source: 'ec2.amazonaws.com',
  rows: [
    endpoint('ModifyVpcEndpoint', requested('vpcEndpointId'), ENDPOINT, 'ModifyVpcEndpoint', {
      document: ({ request }) => text(request, 'policyDocument'),
    }),
    endpoint(
      'CreateVpcEndpoint',
      newEndpoint,
      'responseElements.vpcEndpoint.vpcEndpointId',
      'not restored',
      CREATES,
    ),
    endpoint('DeleteVpcEndpoints', deletedEndpoint, ENDPOINT, 'not restored', DELETES),
    snapshot('ModifySnapshotAttribute', requested('snapshotId'), SNAPSHOT, 'ModifySnapshotAttribute'),
    snapshot('ResetSnapshotAttribute', requested('snapshotId'), SNAPSHOT, 'ModifySnapshotAttribute'),
    ...['CreateSnapshot', 'CopySnapshot'].map((name) =>
      snapshot(name, answered('snapshotId'), 'responseElements.snapshotId', 'not restored', CREATES),
    ),
    snapshot('DeleteSnapshot', requested('snapshotId'), SNAPSHOT, 'not restored', DELETES),
    image('ModifyImageAttribute', requested('imageId'), IMAGE, 'ModifyImageAttribute'),
    image('ResetImageAttribute', requested('imageId'), IMAGE, 'ModifyImageAttribute'),
    ...['CreateImage', 'CopyImage', 'RegisterImage'].map((name) =>
      image(name, answered('imageId'), 'responseElements.imageId', 'not restored', CREATES),
    ),
    image('DeregisterImage', requested('imageId'), IMAGE, 'not restored', DELETES),
    ...['Snapshot', 'Image'].flatMap((what) => [
      block(
        `Disable${what}BlockPublicAccess`,
        `Enable${what}BlockPublicAccess, but not where the organization sets it`,
      ),
      block(
        `Enable${what}BlockPublicAccess`,
        `Enable${what}BlockPublicAccess or Disable${what}BlockPublicAccess`,
      ),
    ]),
  ],
  notJudged: [],
};
