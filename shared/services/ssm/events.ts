/** Events of Systems Manager on whom documents are shared with. */
import { ends, makes, type ReadEdit, type Touch, touching } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { type ReadText, textOf } from '../../changes/fields.ts';
import { SHARED_WITH, sharingTouch } from '../../targets/sharingDocument.ts';
import { DOCUMENT_ACTIONS } from './sharedActions.ts';

const source = 'ssm.amazonaws.com';

const documentArn: ReadText = ({ request, partition, region, accountId }) => {
  const name = textOf(request, 'name');
  return name && `arn:${partition}:ssm:${region}:${accountId}:document/${name}`;
};

const row = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source,
  name,
  kind: 'ssm-document-sharing',
  target: documentArn,
  needs: 'requestParameters.name',
  restore,
  ...more,
});

const accountsIn = (value: unknown) =>
  (Array.isArray(value) ? value : []).flatMap((id) => (typeof id === 'string' ? id.toLowerCase() : []));

const changesSharing: ReadEdit = (fields) => {
  const { accountIdsToAdd, accountIdsToRemove } = fields.request;
  const shared = { actions: DOCUMENT_ACTIONS, resource: documentArn(fields) ?? '' };
  return touching(
    ...accountsIn(accountIdsToRemove).map((id): Touch => ({ part: `${SHARED_WITH}${id}`, to: 'gone' })),
    ...accountsIn(accountIdsToAdd).map((id) => sharingTouch(id, shared)),
  );
};

export const SSM_EVENTS: ServiceEvents = {
  source,
  rows: [
    row('ModifyDocumentPermission', 'ModifyDocumentPermission', { edit: changesSharing }),
    row('CreateDocument', 'not restored', { edit: makes() }),
    row('DeleteDocument', 'not restored', { edit: ends }),
  ],
};
