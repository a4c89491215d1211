/** The policy of an account's Glue Data Catalog, one a Region. Each write names the hash of what it replaces. */
import {
  DeleteResourcePolicyCommand,
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-glue';
import { partitionOf } from '../../policy/arn.ts';
import { unless } from '../../targets/aws.ts';
import { documentTarget } from '../../targets/documentTarget.ts';

export const dataCatalogPolicy = documentTarget({
  kind: 'data-catalog-policy',
  service: 'glue',
  noun: 'data catalog',
  async read(glue) {
    const found = await unless(['EntityNotFoundException'], glue.send(new GetResourcePolicyCommand({})));
    return { document: found?.PolicyInJson, revision: found?.PolicyHash };
  },
  async *list(_, { accountId, region }) {
    yield `arn:${partitionOf(region)}:glue:${region}:${accountId}:catalog`;
  },
  put: {
    operation: 'PutResourcePolicy',
    send: (glue, { document: PolicyInJson, live: { revision: PolicyHashCondition } }) =>
      glue.send(
        new PutResourcePolicyCommand({
          PolicyInJson,
          PolicyHashCondition,
          PolicyExistsCondition: PolicyHashCondition === undefined ? 'NOT_EXIST' : 'MUST_EXIST',
        }),
      ),
  },
  remove: {
    operation: 'DeleteResourcePolicy',
    send: (glue, { live: { revision: PolicyHashCondition } }) =>
      glue.send(new DeleteResourcePolicyCommand({ PolicyHashCondition })),
  },
});
