/** Secrets Manager's operations on secrets and their policies in memory. Source: Secrets Manager API Reference. */
import {
  type Account,
  capitalised,
  type Input,
  makeResource,
  type OperationContext,
  type OperationTable,
  optional,
  type RecordedService,
  required,
  resourcesOf,
  uniqueIdOf,
} from '../../recording/account.ts';
import { type Documented, deleting, reading, removing, writing } from '../../recording/documentOperations.ts';

function secretArn(account: Account, input: Input, { region }: Pick<OperationContext, 'region'>): string {
  const given = required(input, 'SecretId');
  const prefix = `arn:${account.partition}:secretsmanager:${region}:${account.accountId}:secret:`;
  if (account.resources.has(given)) return given;
  // By name, or by an ARN without its last letters.
  const name = given.startsWith('arn:') ? given.slice(prefix.length) : given;
  const known = [...account.resources.keys()].find((arn) => arn.startsWith(`${prefix}${name}-`));
  return known ?? (given.startsWith('arn:') ? given : `${prefix}${name}`);
}

const SECRET: Documented = { arnOf: secretArn, notFound: 'ResourceNotFoundException' };

const OPERATIONS: OperationTable = {
  CreateSecret(account, input, { now, region }) {
    const name = required(input, 'Name');
    const letters = uniqueIdOf('', name, now).slice(0, 6);
    const arn =
      optional(input, 'ARN') ??
      `arn:${account.partition}:secretsmanager:${region}:${account.accountId}:secret:${name}-${letters}`;
    makeResource(account, arn, now);
    return { ARN: arn, Name: name };
  },
  DeleteSecret: deleting(SECRET),
  GetResourcePolicy: reading(SECRET, (ResourcePolicy, { arn }) => ({ ARN: arn, ResourcePolicy })),
  PutResourcePolicy: writing(SECRET, 'ResourcePolicy'),
  DeleteResourcePolicy: removing(SECRET),
  ListSecrets: (account, _, { region }) => ({
    SecretList: resourcesOf(account, 'secretsmanager', region).map(({ arn }) => ({ ARN: arn })),
  }),
};

/** The ARN stands in the answer, its first letter made small. */
export const SECRETS_MANAGER: RecordedService = {
  client: 'secretsManager',
  source: 'secretsmanager.amazonaws.com',
  operations: OPERATIONS,
  toInput: (request, response) => ({
    ...capitalised(request),
    ...(response['aRN'] === undefined ? {} : { ARN: response['aRN'] }),
  }),
  toResponse: (output) => (output['ARN'] === undefined ? {} : { aRN: output['ARN'], name: output['Name'] }),
};
