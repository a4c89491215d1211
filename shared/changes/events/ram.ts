/** Events of RAM on resource shares. A permission's new version reaches a share only when it is put into it. */
import { type EventRow, type Fields, requestText, type ServiceEvents, textOf } from '../eventRow.ts';

const share = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source: 'ram.amazonaws.com',
  name,
  kind: 'resource-share',
  target: requestText('resourceShareArn'),
  needs: 'requestParameters.resourceShareArn',
  restore,
  ...more,
});

export const RAM_EVENTS: ServiceEvents = {
  source: 'ram.amazonaws.com',
  rows: [
    share('CreateResourceShare', 'not restored', {
      target: ({ response }) => {
        const made = response['resourceShare'];
        return typeof made === 'object' && made !== null
          ? textOf(made as Fields, 'resourceShareArn')
          : undefined;
      },
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
  ],
  notJudged: ['CreatePermissionVersion', 'SetDefaultPermissionVersion', 'ReplacePermissionAssociations'],
};
