/** Glue's operations on the policy of the Data Catalog in memory. Source: Glue API Reference. */
import {
  AwsError,
  type Input,
  type OperationTable,
  optional,
  type RecordedService,
  type Resource,
} from '../../recording/account.ts';
import { type Documented, reading, removing, writing } from '../../recording/documentOperations.ts';

const CATALOG: Documented = {
  arnOf: ({ partition, accountId }, _, { region }) => `arn:${partition}:glue:${region}:${accountId}:catalog`,
  notFound: 'EntityNotFoundException',
  noPolicy: 'EntityNotFoundException',
  isSingle: true,
};

const hashOf = ({ revision }: Resource) => `hash-${revision}`;

function checkHash(catalog: Resource, input: Input): void {
  const expected = optional(input, 'PolicyHashCondition');
  const exists = catalog.policy !== undefined;
  const mustExist = input['PolicyExistsCondition'];
  if (
    (expected !== undefined && (!exists || expected !== hashOf(catalog))) ||
    (mustExist === 'MUST_EXIST' && !exists) ||
    (mustExist === 'NOT_EXIST' && exists)
  )
    throw new AwsError('ConditionCheckFailureException', 'the policy is not the one that was expected');
}

const OPERATIONS: OperationTable = {
  GetResourcePolicy: reading(CATALOG, (PolicyInJson, catalog) => ({
    PolicyInJson,
    PolicyHash: hashOf(catalog),
  })),
  PutResourcePolicy: writing(CATALOG, 'PolicyInJson', checkHash),
  DeleteResourcePolicy: removing(CATALOG, checkHash),
};

export const GLUE: RecordedService = { client: 'glue', source: 'glue.amazonaws.com', operations: OPERATIONS };
