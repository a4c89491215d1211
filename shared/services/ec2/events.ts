/**
 * Events of EC2. Newer calls stand in records below the name of their request (`ModifyVpcEndpointRequest`), with the
 * API's own capitals; older ones stand flat, with small first letters.
 */

import { ends, makes, type ReadEdit, removes, type Touch, touching } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { type EventFields, type Fields, membersOf, type ReadText, textOf } from '../../changes/fields.ts';
import { SHARED_WITH, sharingTouch } from '../../targets/sharingDocument.ts';
import { blockDocuments } from './blockDocument.ts';
import { IMAGE_ACTIONS, SNAPSHOT_ACTIONS } from './sharedActions.ts';

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

const block = (name: string, restore: string, edit: ReadEdit): EventRow => ({
  source: 'ec2.amazonaws.com',
  name,
  kind: 'ec2-block-public-access',
  target: ({ partition, region, accountId }) =>
    `arn:${partition}:ec2:${region}:${accountId}:block-public-access`,
  needs: 'recipientAccountId',
  edit,
  restore,
});

const CREATES = { edit: makes() };
const DELETES = { edit: ends };
const [SNAPSHOT, IMAGE, ENDPOINT] = ['snapshotId', 'imageId', 'vpcEndpointId'].map(
  (name) => `requestParameters.${name}`,
) as [string, string, string]; // One for each of the three names.

/** An update of anything else names no policy; a reset brings the default back, which lets everything pass. */
const modifiesEndpoint: ReadEdit = ({ request }) => {
  const document = text(request, 'policyDocument');
  if (document !== undefined) return touching({ part: 'document', to: { document } });
  const isReset = [true, 'true'].includes(member(request, 'resetPolicy') as boolean | string);
  return isReset ? touching({ part: 'document', to: 'hidden' }) : touching();
};

/** Whom a list names: a group, an account, an organization or one of its units. */
function shareesIn(list: unknown): string[] {
  const items = membersOf({ list }, 'list')['items'];
  return (Array.isArray(items) ? (items as Fields[]) : []).flatMap(
    (one) =>
      textOf(one, 'group') ??
      textOf(one, 'userId') ??
      textOf(one, 'organizationArn') ??
      textOf(one, 'organizationalUnitArn') ??
      [],
  );
}

/** Lists change by what is added and removed. A call that sets another attribute has no such member. */
const changesSharing =
  (name: string, actions: readonly string[], arn: ReadText): ReadEdit =>
  (fields) => {
    const { add, remove } = membersOf(fields.request, name);
    return touching(
      ...shareesIn(remove).map((sharee): Touch => ({ part: `${SHARED_WITH}${sharee}`, to: 'gone' })),
      ...shareesIn(add).map((sharee) => sharingTouch(sharee, { actions, resource: arn(fields) ?? '' })),
    );
  };

/** Each switch is a part, and there iff it keeps something out. */
const setsBlock =
  (what: 'Snapshot' | 'Image'): ReadEdit =>
  ({ request, region }) => {
    const part = what === 'Snapshot' ? 'snapshots' : 'images';
    const set = text(request, 'state') ?? text(request, 'imageBlockPublicAccessState') ?? 'unblocked';
    const documentOf = (state: string) => blockDocuments({ [part]: state }, { region })[part];
    const [document, takes] = [
      documentOf(set),
      documentOf(what === 'Snapshot' ? 'block-all-sharing' : 'block-new-sharing'),
    ];
    return touching({
      part,
      to: document === undefined ? 'gone' : { document },
      ...(takes === undefined ? {} : { takes }),
    });
  };

export const EC2_EVENTS: ServiceEvents = {
  source: 'ec2.amazonaws.com',
  rows: [
    endpoint('ModifyVpcEndpoint', requested('vpcEndpointId'), ENDPOINT, 'ModifyVpcEndpoint', {
      edit: modifiesEndpoint,
    }),
    endpoint('CreateVpcEndpoint', newEndpoint, 'responseElements.vpcEndpoint.vpcEndpointId', 'not restored', {
      edit: makes({ document: ({ request }) => text(request, 'policyDocument'), otherwise: 'default' }),
    }),
    endpoint('DeleteVpcEndpoints', deletedEndpoint, ENDPOINT, 'not restored', DELETES),
    snapshot('ModifySnapshotAttribute', requested('snapshotId'), SNAPSHOT, 'ModifySnapshotAttribute', {
      edit: changesSharing(
        'createVolumePermission',
        SNAPSHOT_ACTIONS,
        arnOf('snapshot', requested('snapshotId'), false),
      ),
    }),
    snapshot('ResetSnapshotAttribute', requested('snapshotId'), SNAPSHOT, 'ModifySnapshotAttribute', {
      edit: removes(`${SHARED_WITH}*`),
    }),
    ...['CreateSnapshot', 'CopySnapshot'].map((name) =>
      snapshot(name, answered('snapshotId'), 'responseElements.snapshotId', 'not restored', CREATES),
    ),
    snapshot('DeleteSnapshot', requested('snapshotId'), SNAPSHOT, 'not restored', DELETES),
    image('ModifyImageAttribute', requested('imageId'), IMAGE, 'ModifyImageAttribute', {
      edit: changesSharing('launchPermission', IMAGE_ACTIONS, arnOf('image', requested('imageId'), false)),
    }),
    image('ResetImageAttribute', requested('imageId'), IMAGE, 'ModifyImageAttribute', {
      edit: removes(`${SHARED_WITH}*`),
    }),
    ...['CreateImage', 'CopyImage', 'RegisterImage'].map((name) =>
      image(name, answered('imageId'), 'responseElements.imageId', 'not restored', CREATES),
    ),
    image('DeregisterImage', requested('imageId'), IMAGE, 'not restored', DELETES),
    ...(['Snapshot', 'Image'] as const).flatMap((what) => [
      block(
        `Disable${what}BlockPublicAccess`,
        `Enable${what}BlockPublicAccess, but not where the organization sets it`,
        setsBlock(what),
      ),
      block(
        `Enable${what}BlockPublicAccess`,
        `Enable${what}BlockPublicAccess or Disable${what}BlockPublicAccess`,
        setsBlock(what),
      ),
    ]),
  ],
};
