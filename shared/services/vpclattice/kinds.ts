/** What there is to know of the kinds of VPC Lattice. */
import { type ClientDefinition, type KindDefinition, RESOURCE_POLICY } from '../../targets/kind.ts';
import { oneDocument } from '../../targets/undo.ts';

export const VPC_LATTICE_CLIENTS: readonly ClientDefinition[] = [
  {
    name: 'vpcLattice',
    module: './vpcLatticeClient.ts',
    class: 'VpcLatticeClient',
    scope: 'vpc-lattice',
    protocol: 'restJson',
  },
];

export const VPC_LATTICE_KINDS: readonly KindDefinition[] = [
  {
    ...RESOURCE_POLICY,
    kind: 'lattice-auth-policy',
    words: 'auth policy of',
    client: 'vpcLattice',
    resourceType: 'AWS::VpcLattice::Service',
    // Whoever calls needs this policy's word, whatever their own policies say.
    grantedElsewhere: () => 'nowhere',

    identity: 'none',
    errors: { gone: ['ResourceNotFoundException'], notNow: ['ConflictException'] },
    permissions: {
      read: [
        {
          actions: ['vpc-lattice:GetAuthPolicy'],
          resources: [
            'arn:{partition}:vpc-lattice:*:{account}:service/*',
            'arn:{partition}:vpc-lattice:*:{account}:servicenetwork/*',
          ],
        },
      ],
      list: [{ actions: ['vpc-lattice:ListServices', 'vpc-lattice:ListServiceNetworks'], resources: ['*'] }],
      write: [
        {
          actions: ['vpc-lattice:PutAuthPolicy', 'vpc-lattice:DeleteAuthPolicy'],
          resources: [
            'arn:{partition}:vpc-lattice:*:{account}:service/*',
            'arn:{partition}:vpc-lattice:*:{account}:servicenetwork/*',
          ],
        },
      ],
    },
    undo: oneDocument(
      (arn) => `aws vpc-lattice put-auth-policy --resource-identifier ${arn} --policy file://before.json`,
      (arn) => `aws vpc-lattice delete-auth-policy --resource-identifier ${arn}`,
    ),
    findingType: 'Other',
    places: {
      cloudFormation: ['AWS::VpcLattice::AuthPolicy.Policy'],
      terraform: ['aws_vpclattice_auth_policy.policy'],
    },
    load: async () => (await import('./latticeAuthPolicy.ts')).latticeAuthPolicy,
  },
];
