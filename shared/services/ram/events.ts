/** Events of RAM on resource shares and on the permissions that shares hold. */

import { ends, hiddenBut, makes, type ReadEdit, touchesNothing } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { type EventFields, membersOf, requestText, textOf } from '../../changes/fields.ts';
import { EXTERNAL, HELD_BY, HELD_BY_DEFAULT, SHARED, WITH } from './shareParts.ts';

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

/** What the call names of principals and resources; without a name, any. */
const associated = ({ request }: EventFields): readonly string[] => {
  const named = [
    ...textsOf(request['principals']).map((principal) => `${WITH}${principal}`),
    ...textsOf(request['resourceArns']).map((arn) => `${SHARED}${arn}`),
  ];
  return named.length > 0 ? named : [`${WITH}*`, `${SHARED}*`];
};

/** With the first resource of a type comes the default permission of the type; it replaces none. */
const associates = hiddenBut((fields) => {
  const names = associated(fields);
  const hasResource = names.some((name) => name.startsWith(SHARED));
  return { comes: [...names, ...(hasResource ? [`${HELD_BY_DEFAULT}*`] : [])] };
});

const heldAs = (arn: string) => [`${HELD_BY}${arn}`, `${HELD_BY_DEFAULT}${arn}`];
const permissionOf = ({ request }: EventFields) => heldAs(textOf(request, 'permissionArn') ?? '*');

/** One that replaces another of its type takes that out. */
const associatesPermission = hiddenBut((fields) => ({
  comes: permissionOf(fields),
  goes: fields.request['replace'] === true ? heldAs('*') : [],
}));

/** The call names no share: those that hold the one permission or, by now, the other are what it is about. */
const replacesPermission = (field: 'fromPermissionArn' | 'toPermissionArn') =>
  share('ReplacePermissionAssociations', 'AssociateResourceSharePermission', {
    target: requestText(field),
    needs: `requestParameters.${field}`,
    edit: hiddenBut(({ request }) => ({
      comes: heldAs(textOf(request, 'toPermissionArn') ?? '*'),
      goes: heldAs(textOf(request, 'fromPermissionArn') ?? '*'),
    })),
  });

/** Renaming a share grants nothing. */
const update: ReadEdit = (fields) => {
  const { allowExternalPrincipals: may } = fields.request;
  if (may === undefined) return touchesNothing(fields);
  return hiddenBut(() => (may === true ? { comes: [EXTERNAL] } : { goes: [EXTERNAL] }))(fields);
};

export const RAM_EVENTS: ServiceEvents = {
  source: 'ram.amazonaws.com',
  rows: [
    share('CreateResourceShare', 'not restored', {
      target: made('resourceShare', 'resourceShareArn'),
      needs: 'responseElements.resourceShare.resourceShareArn',
      edit: makes({ otherwise: 'default' }),
    }),
    share('AssociateResourceShare', 'DisassociateResourceShare', { edit: associates }),
    share('DisassociateResourceShare', 'AssociateResourceShare', {
      edit: hiddenBut((fields) => ({ goes: associated(fields) })),
    }),
    share('UpdateResourceShare', 'UpdateResourceShare', { edit: update }),
    share(
      'AssociateResourceSharePermission',
      'DisassociateResourceSharePermission or AssociateResourceSharePermission',
      { edit: associatesPermission },
    ),
    share('DisassociateResourceSharePermission', 'AssociateResourceSharePermission', {
      edit: hiddenBut((fields) => ({ goes: permissionOf(fields) })),
    }),
    replacesPermission('fromPermissionArn'),
    replacesPermission('toPermissionArn'),
    share('DeleteResourceShare', 'not restored', { edit: ends }),
    permission('CreatePermissionVersion', 'SetDefaultPermissionVersion, DeletePermissionVersion'),
    permission('SetDefaultPermissionVersion', 'SetDefaultPermissionVersion, DeletePermissionVersion'),
    permission('DeletePermissionVersion', 'not restored', { edit: touchesNothing }),
    permission('CreatePermission', 'not restored', NEW_PERMISSION),
    permission('PromotePermissionCreatedFromPolicy', 'not restored', NEW_PERMISSION),
    permission('DeletePermission', 'not restored', { edit: ends }),
  ],
};
