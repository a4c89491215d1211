/** What there is to know of the kinds of EKS. */
import { resourceName } from '../../policy/arn.ts';
import type { ClientDefinition, KindDefinition } from '../../targets/kind.ts';
import { memberCommands, partNames } from '../../targets/undo.ts';

const CLUSTERS = [
  'arn:{partition}:eks:*:{account}:cluster/*',
  'arn:{partition}:eks:*:{account}:access-entry/*',
];

export const EKS_CLIENTS: readonly ClientDefinition[] = [
  { name: 'eks', module: '@aws-sdk/client-eks', class: 'EKSClient', scope: 'eks', protocol: 'restJson' },
];

export const EKS_KINDS: readonly KindDefinition[] = [
  {
    kind: 'cluster-access',
    words: 'access entries of cluster',
    client: 'eks',
    policyType: 'RESOURCE_POLICY',
    resourceType: 'AWS::EKS::Cluster',
    namesPrincipals: true,
    grantedElsewhere: () => 'nowhere',
    scope: 'regional',
    parts: [{ id: 'entry:*', role: 'resource', text: 'derived', absence: 'grants-nothing' }],
    identity: 'creation-time',
    errors: { gone: ['ResourceNotFoundException'], notNow: ['ResourceInUseException'] },
    permissions: {
      read: [
        {
          actions: [
            'eks:DescribeCluster',
            'eks:ListAccessEntries',
            'eks:DescribeAccessEntry',
            'eks:ListAssociatedAccessPolicies',
          ],
          resources: CLUSTERS,
        },
      ],
      list: [{ actions: ['eks:ListClusters'], resources: ['*'] }],
      write: [
        {
          actions: [
            'eks:CreateAccessEntry',
            'eks:UpdateAccessEntry',
            'eks:DeleteAccessEntry',
            'eks:AssociateAccessPolicy',
            'eks:DisassociateAccessPolicy',
          ],
          resources: CLUSTERS,
        },
      ],
    },
    undo: (live, wanted) => {
      const which = `--cluster-name ${resourceName(live.target.arn)}`;
      const entries = memberCommands(partNames(live), partNames(wanted), {
        remove: (arn) => `aws eks delete-access-entry ${which} --principal-arn ${arn}`,
        add: (arn) => `aws eks create-access-entry ${which} --principal-arn ${arn} …`,
      });
      return entries.length > 0 ? entries : [`aws eks disassociate-access-policy ${which} …`];
    },
    findingType: 'AwsEksCluster',
    places: {
      cloudFormation: ['AWS::EKS::AccessEntry.PrincipalArn', 'AWS::EKS::AccessEntry.AccessPolicies'],
      terraform: ['aws_eks_access_entry.principal_arn', 'aws_eks_access_policy_association.policy_arn'],
    },
    load: async () => (await import('./clusterAccess.ts')).clusterAccess,
  },
];
