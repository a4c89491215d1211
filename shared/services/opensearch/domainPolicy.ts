/** Access policies of OpenSearch domains. */
import {
  DescribeDomainCommand,
  ListDomainNamesCommand,
  UpdateDomainConfigCommand,
} from '@aws-sdk/client-opensearch';
import { partitionOf } from '../../policy/arn.ts';
import { orFault, unless } from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import { documentTarget, lastOf } from '../../targets/documentTarget.ts';
import type { TargetRef } from '../../targets/target.ts';

export const domainPolicy = documentTarget({
  kind: 'domain-policy',
  service: 'openSearch',
  noun: 'domain',
  async read(openSearch, target) {
    const found = await unless(
      ['ResourceNotFoundException'],
      openSearch.send(new DescribeDomainCommand({ DomainName: lastOf(target) })),
    );
    const domain = found?.DomainStatus;
    if (domain === undefined || domain.Deleted === true) return undefined;
    return { document: domain.AccessPolicies };
  },
  async *list(openSearch, { accountId, region }) {
    // The list has no pages.
    const { DomainNames: names = [] } = await orFault(openSearch.send(new ListDomainNamesCommand({})));
    for (const { DomainName: name } of names)
      yield `arn:${partitionOf(region)}:es:${region}:${accountId}:domain/${name ?? ''}`;
  },
  put: { operation: 'UpdateDomainConfig', send: update },
  remove: { operation: 'UpdateDomainConfig', send: update },
});

function update(
  openSearch: AwsClients['openSearch'],
  { target, document: AccessPolicies }: { readonly target: TargetRef; readonly document: string },
): Promise<unknown> {
  return openSearch.send(new UpdateDomainConfigCommand({ DomainName: lastOf(target), AccessPolicies }));
}
