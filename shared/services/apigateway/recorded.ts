/** API Gateway's operations on policies of REST APIs in memory. Source: API Gateway V1 API Reference. */
import {
  type Account,
  type Input,
  makeResource,
  type OperationContext,
  type OperationTable,
  optional,
  pageOf,
  type RecordedService,
  type Resource,
  required,
  resourceOf,
  resourcesOf,
  uniqueIdOf,
} from '../../recording/account.ts';

const arnOf = (account: Account, region: string, id: string) =>
  `arn:${account.partition}:apigateway:${region}::/restapis/${id}`;

function apiOf(account: Account, input: Input, context: OperationContext): Resource {
  return resourceOf(account, arnOf(account, context.region, required(input, 'restApiId')), {
    ...context,
    notFound: 'NotFoundException',
  });
}

/** The policy as API Gateway shows it: the inside of a JSON text. */
const escaped = (policy: string) => JSON.stringify(policy).slice(1, -1);

function shown({ arn, created, policy }: Resource): Input {
  return {
    id: arn.slice(arn.lastIndexOf('/') + 1),
    createdDate: created,
    ...(policy === undefined ? {} : { policy: escaped(policy) }),
  };
}

function create(account: Account, input: Input, { region, now }: OperationContext): Input {
  const made = uniqueIdOf('', `api ${account.resources.size}`, now).toLowerCase().slice(0, 10);
  const api = makeResource(account, arnOf(account, region, optional(input, 'id') ?? made), now);
  api.policy = optional(input, 'policy');
  return shown(api);
}

const OPERATIONS: OperationTable = {
  CreateRestApi: create,
  ImportRestApi: create,
  PutRestApi: (account, input, context) => shown(apiOf(account, input, context)),
  DeleteRestApi(account, input, { region }) {
    account.resources.delete(arnOf(account, region, required(input, 'restApiId')));
    return {};
  },
  GetRestApi: (account, input, context) => shown(apiOf(account, input, { ...context, lenient: false })),
  GetRestApis(account, { position, limit }, { region }) {
    const apis = resourcesOf(account, 'apigateway', region);
    const { items, next } = pageOf(apis, position, typeof limit === 'number' ? limit : 25);
    return { items: items.map(shown), position: next };
  },
  UpdateRestApi(account, input, context) {
    const api = apiOf(account, input, context);
    for (const patch of (input['patchOperations'] ?? []) as readonly Input[])
      if (patch['path'] === '/policy') api.policy = optional(patch, 'value');
    return shown(api);
  },
};

/** Parameters have small first letters in this API, in records as in calls; a new API's id stands in the answer. */
export const API_GATEWAY: RecordedService = {
  client: 'apiGateway',
  source: 'apigateway.amazonaws.com',
  operations: OPERATIONS,
  toInput: (request, response) => {
    const { createRestApiInput } = request;
    return {
      ...request,
      ...(typeof createRestApiInput === 'object' ? createRestApiInput : {}),
      ...(response['id'] === undefined ? {} : { id: response['id'] }),
    };
  },
  toRequest: (input) => input,
  toResponse: ({ id }) => (id === undefined ? {} : { id }),
};
