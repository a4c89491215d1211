/** Whom documents of Systems Manager are shared with: what they run, others may read and run. */
import { partitionOf, resourceName } from '../../policy/arn.ts';
import { allPages, collectPages, orFault, unless } from '../../targets/aws.ts';
import { sharingTarget } from '../../targets/sharingTarget.ts';
import { DOCUMENT_ACTIONS } from './sharedActions.ts';
import {
  DescribeDocumentPermissionCommand,
  ListDocumentsCommand,
  ModifyDocumentPermissionCommand,
} from './ssmClient.ts';

const PermissionType = 'Share';
const OWN = [{ Key: 'Owner', Values: ['Self'] }];

export const ssmDocumentSharing = sharingTarget({
  actions: DOCUMENT_ACTIONS,
  read: ({ arn }, { ssm }) =>
    unless(
      ['InvalidDocument'],
      collectPages(async (NextToken) => {
        const Name = resourceName(arn);
        const page = await ssm.send(
          new DescribeDocumentPermissionCommand({ Name, PermissionType, NextToken }),
        );
        return { items: (page.AccountIds ?? []).map((id) => id.toLowerCase()), next: page.NextToken };
      }),
    ),
  async *list({ ssm }, place) {
    const documents = allPages(async (NextToken) => {
      const page = await orFault(ssm.send(new ListDocumentsCommand({ Filters: OWN, NextToken })));
      return { items: page.DocumentIdentifiers ?? [], next: page.NextToken };
    });
    const { region, accountId } = place;
    for await (const { Name: name } of documents)
      if (name !== undefined)
        yield {
          kind: 'ssm-document-sharing',
          arn: `arn:${partitionOf(region)}:ssm:${region}:${accountId}:document/${name}`,
          ...place,
        };
  },
  operation: 'ModifyDocumentPermission',
  change: (change, { arn }, { ssm }) =>
    ssm.send(
      new ModifyDocumentPermissionCommand({
        Name: resourceName(arn),
        PermissionType,
        ...('add' in change ? { AccountIdsToAdd: change.add } : { AccountIdsToRemove: change.remove }),
      }),
    ),
});
