/** Events of OpenSearch domains, under their names before and after. */

import { ends, makes, putsIfGiven } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { requestText, textOf } from '../../changes/fields.ts';

const row = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source: 'es.amazonaws.com',
  name,
  kind: 'domain-policy',
  target: ({ request, partition, region, accountId }) => {
    const name = textOf(request, 'domainName');
    return name && `arn:${partition}:es:${region}:${accountId}:domain/${name}`;
  },
  needs: 'requestParameters.domainName',
  restore,
  ...more,
});

export const OPEN_SEARCH_EVENTS: ServiceEvents = {
  source: 'es.amazonaws.com',
  rows: [
    ...['CreateDomain', 'CreateElasticsearchDomain'].map((name) =>
      row(name, 'not restored', { edit: makes({ document: requestText('accessPolicies') }) }),
    ),
    ...['UpdateDomainConfig', 'UpdateElasticsearchDomainConfig'].map((name) =>
      row(name, 'UpdateDomainConfig', { edit: putsIfGiven(requestText('accessPolicies')) }),
    ),
    ...['DeleteDomain', 'DeleteElasticsearchDomain'].map((name) => row(name, 'not restored', { edit: ends })),
  ],
};
