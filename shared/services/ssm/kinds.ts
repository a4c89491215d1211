/** What there is to know of the kinds of Systems Manager. */
import { type ClientDefinition, type KindDefinition, RESOURCE_POLICY } from '../../targets/kind.ts';
import { sharingCommands } from '../../targets/sharingUndo.ts';

export const SSM_CLIENTS: readonly ClientDefinition[] = [
  { name: 'ssm', module: './ssmClient.ts', class: 'SsmClient', scope: 'ssm', protocol: 'awsJson' },
];

export const SSM_KINDS: readonly KindDefinition[] = [
  {
    ...RESOURCE_POLICY,
    kind: 'ssm-document-sharing',
    words: 'sharing of document',
    client: 'ssm',
    resourceType: 'AWS::SSM::Document',

    parts: [{ id: 'shared-with:*', role: 'resource', text: 'derived', absence: 'grants-nothing' }],
    identity: 'none',
    errors: { gone: ['InvalidDocument'], notNow: [] },
    permissions: {
      read: [
        {
          actions: ['ssm:DescribeDocumentPermission'],
          resources: ['arn:{partition}:ssm:*:{account}:document/*'],
        },
      ],
      list: [{ actions: ['ssm:ListDocuments'], resources: ['*'] }],
      write: [
        {
          actions: ['ssm:ModifyDocumentPermission'],
          resources: ['arn:{partition}:ssm:*:{account}:document/*'],
        },
      ],
    },
    undo: sharingCommands(
      (id, how, names) =>
        `aws ssm modify-document-permission --name ${id} --permission-type Share --${how} ${names.join(' ')}`,
      ['account-ids-to-add', 'account-ids-to-remove'],
    ),
    findingType: 'Other',
    places: { cloudFormation: [], terraform: ['aws_ssm_document.permissions'] },
    load: async () => (await import('./ssmDocumentSharing.ts')).ssmDocumentSharing,
  },
];
