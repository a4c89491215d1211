/** Systems Manager's operations on the sharing of documents in memory. Source: Systems Manager API Reference. */
import {
  type Account,
  type Input,
  makeResource,
  type OperationContext,
  type OperationTable,
  type RecordedService,
  required,
  resourceOf,
  resourcesOf,
} from '../../recording/account.ts';

const arnOf = (account: Account, input: Input, { region }: Pick<OperationContext, 'region'>) =>
  `arn:${account.partition}:ssm:${region}:${account.accountId}:document/${required(input, 'Name')}`;

const documentOf = (account: Account, input: Input, context: OperationContext) =>
  resourceOf(account, arnOf(account, input, context), { ...context, notFound: 'InvalidDocument' });

const idsIn = (value: unknown) => (Array.isArray(value) ? (value as string[]) : []);

const OPERATIONS: OperationTable = {
  CreateDocument(account, input, context) {
    makeResource(account, arnOf(account, input, context), context.now);
    return {};
  },
  DeleteDocument(account, input, context) {
    account.resources.delete(arnOf(account, input, context));
    return {};
  },
  DescribeDocumentPermission: (account, input, context) => ({
    AccountIds: idsIn(documentOf(account, input, { ...context, lenient: false }).facts.get('sharedWith')),
  }),
  ModifyDocumentPermission(account, input, context) {
    const { facts } = documentOf(account, input, context);
    const [added, removed] = [idsIn(input['AccountIdsToAdd']), idsIn(input['AccountIdsToRemove'])];
    const kept = idsIn(facts.get('sharedWith')).filter((id) => ![...added, ...removed].includes(id));
    facts.set('sharedWith', [...kept, ...added]);
    return {};
  },
  ListDocuments: (account, _, { region }) => ({
    DocumentIdentifiers: resourcesOf(account, 'ssm', region).map(({ arn }) => ({
      Name: arn.slice(arn.indexOf('/') + 1),
    })),
  }),
};

export const SSM: RecordedService = { client: 'ssm', source: 'ssm.amazonaws.com', operations: OPERATIONS };
