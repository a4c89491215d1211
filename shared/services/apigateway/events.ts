/** Events of API Gateway that may touch the policy of a REST API. */

import { ends, makes, type ReadEdit, touching } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { type EventFields, type Fields, requestText, textOf } from '../../changes/fields.ts';

const arnOf =
  (id: (fields: EventFields) => string | undefined) =>
  (fields: EventFields): string | undefined => {
    const found = id(fields);
    const { partition, region } = fields;
    return found === undefined ? undefined : `arn:${partition}:apigateway:${region}::/restapis/${found}`;
  };

const requested = ({ request }: EventFields) => textOf(request, 'restApiId');
const answered = ({ response }: EventFields) => textOf(response, 'id');

const api = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source: 'apigateway.amazonaws.com',
  name,
  kind: 'rest-api-policy',
  target: arnOf(requested),
  needs: 'requestParameters.restApiId',
  restore,
  ...more,
});

/** A patch may be of the policy; without a value it takes the policy away. */
const patches: ReadEdit = ({ request }) => {
  const operations = request['patchOperations'];
  const patch = (Array.isArray(operations) ? (operations as Fields[]) : []).find(
    (one) => one['path'] === '/policy',
  );
  if (patch === undefined) return touching();
  const document = textOf(patch, 'value');
  return touching({ part: 'document', to: document === undefined ? 'gone' : { document } });
};

const NEW = {
  target: arnOf(answered),
  needs: 'responseElements.id',
  edit: makes({ document: requestText('policy') }),
} as const;

export const API_GATEWAY_EVENTS: ServiceEvents = {
  source: 'apigateway.amazonaws.com',
  rows: [
    api('UpdateRestApi', 'UpdateRestApi; a deployment brings it into force', { edit: patches }),
    api('PutRestApi', 'UpdateRestApi; a deployment brings it into force'),
    api('CreateRestApi', 'not restored', NEW),
    api('ImportRestApi', 'not restored', { ...NEW, edit: makes({ otherwise: 'default' }) }),
    api('DeleteRestApi', 'not restored', { edit: ends }),
  ],
};
