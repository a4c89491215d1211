/** What there is to know of the kinds of Glue. */
import { type ClientDefinition, type KindDefinition, RESOURCE_POLICY } from '../../targets/kind.ts';
import { oneDocument } from '../../targets/undo.ts';

export const GLUE_CLIENTS: readonly ClientDefinition[] = [
  { name: 'glue', module: '@aws-sdk/client-glue', class: 'GlueClient', scope: 'glue', protocol: 'awsJson' },
];

export const GLUE_KINDS: readonly KindDefinition[] = [
  {
    ...RESOURCE_POLICY,
    kind: 'data-catalog-policy',
    words: 'policy of the data',
    client: 'glue',
    resourceType: 'AWS::Glue::Catalog',

    identity: 'none',
    errors: { gone: ['EntityNotFoundException'], notNow: [] },
    permissions: {
      read: [
        { actions: ['glue:GetResourcePolicy'], resources: ['arn:{partition}:glue:*:{account}:catalog'] },
      ],
      list: [],
      write: [
        {
          actions: ['glue:PutResourcePolicy', 'glue:DeleteResourcePolicy'],
          resources: ['arn:{partition}:glue:*:{account}:catalog'],
        },
      ],
    },
    undo: oneDocument(
      () => 'aws glue put-resource-policy --policy-in-json file://before.json',
      () => 'aws glue delete-resource-policy',
    ),
    findingType: 'Other',
    places: { cloudFormation: [], terraform: ['aws_glue_resource_policy.policy'] },

    load: async () => (await import('./dataCatalogPolicy.ts')).dataCatalogPolicy,
  },
];
