/** Events of RAM on resource shares and on the permissions that shares hold. */

import { ends, hiddenBut, makes, type ReadEdit, touchesNothing } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { type EventFields, membersOf, requestText, textOf } from '../../changes/fields.ts';
import { EXTERNAL, HELD_BY, SHARED, WITH } from './shareParts.ts';

const share = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source: 'ram.amazonaws.com',
  name,
  kind: 'resource-share',
  target: requestText('resourceShareArn'),
  needs: 'requestParameters.resourceShareArn',
  restore,
  ...more,
});

const permission = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source: 'ram.amazonaws.com',
  name,
  kind: 'resource-share-permission',
  target: requestText('permissionArn'),
  needs: 'requestParameters.permissionArn',
  restore,
  ...more,
});

/** Returns a reader of the ARN of what the call made, which its answer describes. */
const made =
  (field: string, arn: string) =>
  ({ response }: EventFields): string | undefined =>
    textOf(membersOf(response, field), arn);

const NEW_PERMISSION: Partial<EventRow> = {
  target: made('permission', 'arn'),
  needs: 'responseElements.permission.arn',
  edit: makes({ otherwise: 'default' }),
};

const textsOf = (value: unknown): string[] =>
  [value ?? []].flat().filter((one): one is string => typeof one === 'string');

/** With a resource comes the default permission of its type. */
const association = hiddenBut(({ request }) => {
  const resources = textsOf(request['resourceArns']).map((arn) => `${SHARED}${arn}`);
  const principals = textsOf(request['principals']).map((principal) => `${WITH}${principal}`);
  return [...principals, ...resources, ...(resources.length > 0 ? [`${HELD_BY}*`] : [])];
});

/** One that replaces another of its type takes that out. */
const permissionAssociation = hiddenBut(({ request }) => {
  const arn = textOf(request, 'permissionArn');
  return arn === undefined ? [] : [`${HELD_BY}${arn}`, `${HELD_BY}*`];
});

/** Renaming a share grants nothing. */
const update: ReadEdit = (fields) =>
  fields.request['allowExternalPrincipals'] === undefined
    ? touchesNothing(fields)
    : hiddenBut(() => [EXTERNAL])(fields);

export const RAM_EVENTS: ServiceEvents = {
  source: 'ram.amazonaws.com',
  rows: [
    share('CreateResourceShare', 'not restored', {
      target: made('resourceShare', 'resourceShareArn'),
      needs: 'responseElements.resourceShare.resourceShareArn',
      edit: makes({ otherwise: 'default' }),
    }),
    share('AssociateResourceShare', 'DisassociateResourceShare', { edit: association }),
    share('DisassociateResourceShare', 'AssociateResourceShare', { edit: association }),
    share('UpdateResourceShare', 'UpdateResourceShare', { edit: update }),
    share(
      'AssociateResourceSharePermission',
      'DisassociateResourceSharePermission or AssociateResourceSharePermission',
      { edit: permissionAssociation },
    ),
    share('DisassociateResourceSharePermission', 'AssociateResourceSharePermission', {
      edit: permissionAssociation,
    }),
    share('DeleteResourceShare', 'not restored', { edit: ends }),
    permission('CreatePermissionVersion', 'SetDefaultPermissionVersion, DeletePermissionVersion'),
    permission('SetDefaultPermissionVersion', 'SetDefaultPermissionVersion, DeletePermissionVersion'),
    permission('DeletePermissionVersion', 'not restored', { edit: touchesNothing }),
    permission('CreatePermission', 'not restored', NEW_PERMISSION),
    permission('PromotePermissionCreatedFromPolicy', 'not restored', NEW_PERMISSION),
    permission('DeletePermission', 'not restored', { edit: ends }),
  ],
};
