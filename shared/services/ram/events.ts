/** Events of RAM on resource shares and on the permissions that shares hold. */
import {
  type EventFields,
  type EventRow,
  type Fields,
  requestText,
  type ServiceEvents,
  textOf,
} from '../../changes/eventRow.ts';

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
  ({ response }: EventFields): string | undefined => {
    const thing = response[field];
    return typeof thing === 'object' && thing !== null ? textOf(thing as Fields, arn) : undefined;
  };

const NEW_PERMISSION: Partial<EventRow> = {
  target: made('permission', 'arn'),
  needs: 'responseElements.permission.arn',
  effect: 'creates',
};

export const RAM_EVENTS: ServiceEvents = {
  source: 'ram.amazonaws.com',
  rows: [
    share('CreateResourceShare', 'not restored', {
      target: made('resourceShare', 'resourceShareArn'),
      needs: 'responseElements.resourceShare.resourceShareArn',
      effect: 'creates',
    }),
    share('AssociateResourceShare', 'DisassociateResourceShare'),
    share('DisassociateResourceShare', 'AssociateResourceShare'),
    share('UpdateResourceShare', 'UpdateResourceShare'),
    share(
      'AssociateResourceSharePermission',
      'DisassociateResourceSharePermission or AssociateResourceSharePermission',
    ),
    share('DisassociateResourceSharePermission', 'AssociateResourceSharePermission'),
    share('DeleteResourceShare', 'not restored', { effect: 'deletes' }),
    permission('CreatePermissionVersion', 'SetDefaultPermissionVersion, DeletePermissionVersion'),
    permission('SetDefaultPermissionVersion', 'SetDefaultPermissionVersion, DeletePermissionVersion'),
    permission('DeletePermissionVersion', 'not restored'),
    permission('CreatePermission', 'not restored', NEW_PERMISSION),
    permission('PromotePermissionCreatedFromPolicy', 'not restored', NEW_PERMISSION),
    permission('DeletePermission', 'not restored', { effect: 'deletes' }),
  ],
  // It names no share; what it does to shares, the sweep finds.
  notJudged: ['ReplacePermissionAssociations'],
};
