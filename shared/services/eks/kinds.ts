/** What there is to know of the kinds of EKS. */
import { resourceName } from '../../policy/arn.ts';
import type { ClientDefinition, KindDefinition } from '../../targets/kind.ts';
import { quoted } from '../../targets/undo.ts';
import { type AccessEntryFacts, entriesOf } from './clusterAccessDocument.ts';

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
      const [there, before] = [entriesOf(live), entriesOf(wanted, live)];
      return [
        ...Object.keys(there)
          .filter((arn) => !(arn in before))
          .map((arn) => `aws eks delete-access-entry ${which} --principal-arn ${arn}`),
        ...Object.entries(before).flatMap(([arn, entry]) =>
          entry === undefined ? [] : entryCommands(`${which} --principal-arn ${arn}`, entry, there[arn]),
        ),
      ];
    },
    findingType: 'AwsEksCluster',
    places: {
      cloudFormation: ['AWS::EKS::AccessEntry.PrincipalArn', 'AWS::EKS::AccessEntry.AccessPolicies'],
      terraform: ['aws_eks_access_entry.principal_arn', 'aws_eks_access_policy_association.policy_arn'],
    },
    load: async () => (await import('./clusterAccess.ts')).clusterAccess,
  },
];

/** What makes one entry what it was; what it was not goes first. */
function entryCommands(
  which: string,
  wanted: AccessEntryFacts,
  there: AccessEntryFacts | undefined,
): string[] {
  const { type, username, kubernetesGroups: groups, policies } = wanted;
  const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
  const settings = [
    ...(username === undefined ? [] : [` --username ${quoted(username)}`]),
    ` --kubernetes-groups ${groups.length > 0 ? groups.map(quoted).join(' ') : "'[]'"}`,
  ].join('');
  const isAsBefore = there?.username === username && isSame(there?.kubernetesGroups, groups);
  return [
    ...(there?.policies ?? [])
      .filter(({ policyArn }) => !policies.some((policy) => policy.policyArn === policyArn))
      .map(({ policyArn }) => `aws eks disassociate-access-policy ${which} --policy-arn ${policyArn}`),
    ...(there === undefined
      ? [`aws eks create-access-entry ${which}${settings}${type === undefined ? '' : ` --type ${type}`}`]
      : isAsBefore
        ? []
        : [`aws eks update-access-entry ${which}${settings}`]),
    ...policies
      .filter((policy) => !(there?.policies ?? []).some((one) => isSame(one, policy)))
      .map(({ policyArn, scope, namespaces }) => {
        const names = scope === 'namespace' ? `,namespaces=[${namespaces.join(',')}]` : '';
        return `aws eks associate-access-policy ${which} --policy-arn ${policyArn} --access-scope ${quoted(`type=${scope}${names}`)}`;
      }),
  ];
}
