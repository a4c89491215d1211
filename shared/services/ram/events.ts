/** Events of RAM on resource shares and on the permissions that shares hold. */

import { ends, makes, touchesNothing } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { type EventFields, membersOf, requestText, textOf } from '../../changes/fields.ts';

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

export const RAM_EVENTS: ServiceEvents = {
  source: 'ram.amazonaws.com',
  rows: [
    share('CreateResourceShare', 'not restored', {
      target: made('resourceShare', 'resourceShareArn'),
      needs: 'responseElements.resourceShare.resourceShareArn',
      edit: makes({ otherwise: 'default' }),
    }),
    share('AssociateResourceShare', 'DisassociateResourceShare'),
    share('DisassociateResourceShare', 'AssociateResourceShare'),
    share('UpdateResourceShare', 'UpdateResourceShare'),
    share(
      'AssociateResourceSharePermission',
      'DisassociateResourceSharePermission or AssociateResourceSharePermission',
    ),
    share('DisassociateResourceSharePermission', 'AssociateResourceSharePermission'),
    share('DeleteResourceShare', 'not restored', { edit: ends }),
    permission('CreatePermissionVersion', 'SetDefaultPermissionVersion, DeletePermissionVersion'),
    permission('SetDefaultPermissionVersion', 'SetDefaultPermissionVersion, DeletePermissionVersion'),
    permission('DeletePermissionVersion', 'not restored', { edit: touchesNothing }),
    permission('CreatePermission', 'not restored', NEW_PERMISSION),
    permission('PromotePermissionCreatedFromPolicy', 'not restored', NEW_PERMISSION),
    permission('DeletePermission', 'not restored', { edit: ends }),
  ],
};
