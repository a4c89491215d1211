/** What there is to know of the kinds of OpenSearch. */
import { resourceName } from '../../policy/arn.ts';
import { type ClientDefinition, type KindDefinition, RESOURCE_POLICY } from '../../targets/kind.ts';
import { oneDocument } from '../../targets/undo.ts';

export const OPEN_SEARCH_CLIENTS: readonly ClientDefinition[] = [
  {
    name: 'openSearch',
    module: '@aws-sdk/client-opensearch',
    class: 'OpenSearchClient',
    scope: 'es',
    protocol: 'restJson',
  },
];

export const OPEN_SEARCH_KINDS: readonly KindDefinition[] = [
  {
    ...RESOURCE_POLICY,
    kind: 'domain-policy',
    words: 'access policy of domain',
    client: 'openSearch',
    resourceType: 'AWS::OpenSearchService::Domain',

    identity: 'none',
    errors: { gone: ['ResourceNotFoundException'], notNow: ['InvalidTypeException'] },
    permissions: {
      read: [{ actions: ['es:DescribeDomain'], resources: ['arn:{partition}:es:*:{account}:domain/*'] }],
      list: [{ actions: ['es:ListDomainNames'], resources: ['*'] }],
      write: [{ actions: ['es:UpdateDomainConfig'], resources: ['arn:{partition}:es:*:{account}:domain/*'] }],
    },
    undo: oneDocument(
      (arn) =>
        `aws opensearch update-domain-config --domain-name ${resourceName(arn)} --access-policies file://before.json`,
      (arn) => `aws opensearch update-domain-config --domain-name ${resourceName(arn)} --access-policies ''`,
    ),
    findingType: 'AwsOpenSearchServiceDomain',
    places: {
      cloudFormation: [
        'AWS::OpenSearchService::Domain.AccessPolicies',
        'AWS::Elasticsearch::Domain.AccessPolicies',
      ],
      terraform: [
        'aws_opensearch_domain.access_policies',
        'aws_opensearch_domain_policy.access_policies',
        'aws_elasticsearch_domain.access_policies',
        'aws_elasticsearch_domain_policy.access_policies',
      ],
    },

    load: async () => (await import('./domainPolicy.ts')).domainPolicy,
  },
];
