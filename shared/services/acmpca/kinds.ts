/** What there is to know of the kinds of AWS Private CA. */
import { type ClientDefinition, type KindDefinition, RESOURCE_POLICY } from '../../targets/kind.ts';
import { oneDocument } from '../../targets/undo.ts';

export const ACM_PCA_CLIENTS: readonly ClientDefinition[] = [
  {
    name: 'acmPca',
    module: './acmPcaClient.ts',
    class: 'AcmPcaClient',
    scope: 'acm-pca',
    protocol: 'awsJson',
  },
];

export const ACM_PCA_KINDS: readonly KindDefinition[] = [
  {
    ...RESOURCE_POLICY,
    kind: 'certificate-authority-policy',
    words: 'policy of certificate authority',
    client: 'acmPca',
    resourceType: 'AWS::ACMPCA::CertificateAuthority',

    identity: 'unique-id',
    errors: {
      gone: ['ResourceNotFoundException'],
      notNow: ['ConcurrentModificationException', 'InvalidStateException'],
    },
    permissions: {
      read: [
        {
          actions: ['acm-pca:DescribeCertificateAuthority', 'acm-pca:GetPolicy'],
          resources: ['arn:{partition}:acm-pca:*:{account}:certificate-authority/*'],
        },
      ],
      list: [{ actions: ['acm-pca:ListCertificateAuthorities'], resources: ['*'] }],
      write: [
        {
          actions: ['acm-pca:PutPolicy', 'acm-pca:DeletePolicy'],
          resources: ['arn:{partition}:acm-pca:*:{account}:certificate-authority/*'],
        },
      ],
    },
    undo: oneDocument(
      (arn) => `aws acm-pca put-policy --resource-arn ${arn} --policy file://before.json`,
      (arn) => `aws acm-pca delete-policy --resource-arn ${arn}`,
    ),
    findingType: 'Other',
    places: { cloudFormation: [], terraform: ['aws_acmpca_policy.policy'] },
    load: async () => (await import('./certificateAuthorityPolicy.ts')).certificateAuthorityPolicy,
  },
];
