/** Secrets Manager's operations on secrets and their policies in memory. Source: Secrets Manager API Reference. */
import {
  type Account,
  AwsError,
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
import {
  type Documented,
  reading,
  removing,
  resourceNamed,
  writing,
} from '../../recording/documentOperations.ts';

function arnOf(account: Account, input: Input, { region }: Pick<OperationContext, 'region'>): string {
  const given = required(input, 'SecretId');
  const prefix = `arn:${account.partition}:secretsmanager:${region}:${account.accountId}:secret:`;
  if (account.resources.has(given)) return given;
  // By name, or by an ARN without its last letters.
  const name = given.startsWith('arn:') ? given.slice(prefix.length) : given;
  const known = [...account.resources.keys()].find((arn) => arn.startsWith(`${prefix}${name}-`));
  return known ?? (given.startsWith('arn:') ? given : `${prefix}${name}`);
}

/** A secret that is marked for deletion keeps its policy, and answers nothing but RestoreSecret. */
const MARKED = 'marked for deletion';

function secretArn(account: Account, input: Input, context: OperationContext): string {
  const arn = arnOf(account, input, context);
  const isMarked = account.resources.get(arn)?.facts.has(MARKED) === true;
  if (isMarked && !context.lenient)
    throw new AwsError(
      'InvalidRequestException',
      'You can’t perform this operation on the secret because it was marked for deletion.',
    );
  return arn;
}

const SECRET: Documented = { arnOf: secretArn, notFound: 'ResourceNotFoundException' };

const OPERATIONS: OperationTable = {
  CreateSecret(account, input, { now, region, lenient }) {
    const name = required(input, 'Name');
    const known = account.resources.get(arnOf(account, { SecretId: name }, { region }));
    if (known !== undefined && !lenient)
      throw known.facts.has(MARKED)
        ? new AwsError(
            'InvalidRequestException',
            'You can’t create this secret because a secret with this name is already scheduled for deletion.',
          )
        : new AwsError('ResourceExistsException', `a secret with the name ${name} already exists`);
    const letters = uniqueIdOf('', name, now).slice(0, 6);
    const arn =
      optional(input, 'ARN') ??
      `arn:${account.partition}:secretsmanager:${region}:${account.accountId}:secret:${name}-${letters}`;
    makeResource(account, arn, now);
    return { ARN: arn, Name: name };
  },
  DeleteSecret(account, input, context) {
    const secret = resourceNamed(SECRET, account, input, context);
    if (input['ForceDeleteWithoutRecovery'] === true) account.resources.delete(secret.arn);
    else secret.facts.set(MARKED, true);
    return { ARN: secret.arn };
  },
  RestoreSecret(account, input, context) {
    const secret = resourceNamed({ ...SECRET, arnOf }, account, input, context);
    secret.facts.delete(MARKED);
    return { ARN: secret.arn };
  },
  GetResourcePolicy: reading(SECRET, (ResourcePolicy, { arn }) => ({ ARN: arn, ResourcePolicy })),
  PutResourcePolicy: writing(SECRET, 'ResourcePolicy'),
  DeleteResourcePolicy: removing(SECRET),
  ListSecrets: (account, _, { region }) => ({
    SecretList: resourcesOf(account, 'secretsmanager', region)
      .filter(({ facts }) => !facts.has(MARKED))
      .map(({ arn }) => ({ ARN: arn })),
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
