/** Systems Manager’s API, as far as it is called. Source: Systems Manager API Reference. */
import { STRING, STRINGS, shapesOf } from '../../targets/sdkShapes.ts';

const shapes = shapesOf({
  id: 'SSM',
  namespace: 'com.amazonaws.ssm',
  version: '2014-11-06',
  scope: 'ssm',
  target: 'AmazonSSM',
});

/** Sharing is the one kind of permission. */
type Sharing = { readonly Name: string; readonly PermissionType: 'Share' };

/** The accounts that a document is shared with; `all` is everybody. */
export const DescribeDocumentPermissionCommand = shapes.command<
  Sharing & { readonly NextToken?: string | undefined },
  { readonly AccountIds?: readonly string[]; readonly NextToken?: string }
>('DescribeDocumentPermission', {
  input: { Name: STRING, PermissionType: STRING, NextToken: STRING },
  output: { AccountIds: STRINGS, NextToken: STRING },
});
/** Shares a document, or no longer. */
export const ModifyDocumentPermissionCommand = shapes.command<
  Sharing & { readonly AccountIdsToAdd?: readonly string[]; readonly AccountIdsToRemove?: readonly string[] },
  object
>('ModifyDocumentPermission', {
  input: { Name: STRING, PermissionType: STRING, AccountIdsToAdd: STRINGS, AccountIdsToRemove: STRINGS },
  output: {},
});
/** A page of the account's own documents. */
export const ListDocumentsCommand = shapes.command<
  {
    readonly Filters: readonly { readonly Key: string; readonly Values: readonly string[] }[];
    readonly NextToken?: string | undefined;
  },
  { readonly DocumentIdentifiers?: readonly { readonly Name?: string }[]; readonly NextToken?: string }
>('ListDocuments', {
  input: {
    Filters: shapes.listOf('Filters', shapes.structure('Filter', { Key: STRING, Values: STRINGS })),
    NextToken: STRING,
  },
  output: {
    DocumentIdentifiers: shapes.listOf('Documents', shapes.structure('Document', { Name: STRING })),
    NextToken: STRING,
  },
});

/** The client. Takes what every client of the SDK takes. */
export class SsmClient extends shapes.Client {}
