/** Events of API Gateway that may touch the policy of a REST API. */
import {
  type EventFields,
  type EventRow,
  type Fields,
  type ServiceEvents,
  textOf,
} from '../../changes/eventRow.ts';

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

/** The value of a patch of the policy. Empty where the policy is removed: then there is no document. */
function patchedPolicy({ request }: EventFields): string | undefined {
  const operations = request['patchOperations'];
  const patch = (Array.isArray(operations) ? (operations as Fields[]) : []).find(
    (one) => one['path'] === '/policy',
  );
  return patch === undefined ? undefined : textOf(patch, 'value');
}

const NEW = {
  target: arnOf(answered),
  needs: 'responseElements.id',
  effect: 'creates',
} as const;

export const API_GATEWAY_EVENTS: ServiceEvents = {
  source: 'apigateway.amazonaws.com',
  rows: [
    api('UpdateRestApi', 'UpdateRestApi; a deployment brings it into force', { document: patchedPolicy }),
    api('PutRestApi', 'UpdateRestApi; a deployment brings it into force'),
    api('CreateRestApi', 'not restored', NEW),
    api('ImportRestApi', 'not restored', NEW),
    api('DeleteRestApi', 'not restored', { effect: 'deletes' }),
  ],
  notJudged: [],
};
