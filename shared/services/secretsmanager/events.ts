/** Events of secrets. The answer holds the whole ARN; the request may hold a name. */

import { ends, makes, puts, removes, touchesNothing } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { type EventFields, requestText, textOf } from '../../changes/fields.ts';

function secretArn({ request, response, partition, region, accountId }: EventFields): string | undefined {
  const answered = textOf(response, 'aRN') ?? textOf(response, 'arn');
  const given = textOf(request, 'secretId');
  if (answered !== undefined || given === undefined || given.startsWith('arn:')) return answered ?? given;
  return `arn:${partition}:secretsmanager:${region}:${accountId}:secret:${given}`;
}

const row = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source: 'secretsmanager.amazonaws.com',
  name,
  kind: 'secret-policy',
  target: secretArn,
  needs: 'requestParameters.secretId',
  restore,
  ...more,
});

export const SECRETS_MANAGER_EVENTS: ServiceEvents = {
  source: 'secretsmanager.amazonaws.com',
  rows: [
    row('PutResourcePolicy', 'PutResourcePolicy or DeleteResourcePolicy', {
      edit: puts(requestText('resourcePolicy')),
    }),
    row('DeleteResourcePolicy', 'PutResourcePolicy', { edit: removes() }),
    row('CreateSecret', 'not restored', { needs: 'responseElements.aRN', edit: makes() }),
    row('DeleteSecret', 'not restored', { edit: ends }),
    // What it was stays as it was: whoever looks finds it.
    row('RestoreSecret', 'not restored', { edit: touchesNothing }),
  ],
};
