/** Auth policies of services of VPC Lattice and of networks of services. */
import { allPages, orFault, unless } from '../../targets/aws.ts';
import { documentTarget } from '../../targets/documentTarget.ts';
import {
  DeleteAuthPolicyCommand,
  GetAuthPolicyCommand,
  ListServiceNetworksCommand,
  ListServicesCommand,
  PutAuthPolicyCommand,
} from './vpcLatticeClient.ts';

export const latticeAuthPolicy = documentTarget({
  kind: 'lattice-auth-policy',
  service: 'vpcLattice',
  noun: 'lattice service',
  async read(vpcLattice, { arn: resourceIdentifier }) {
    const held = await unless(
      ['ResourceNotFoundException'],
      vpcLattice.send(new GetAuthPolicyCommand({ resourceIdentifier })),
    );
    // The id in its ARN is never used again.
    return held && { document: held.policy, uniqueId: resourceIdentifier };
  },
  async *list(vpcLattice) {
    for (const Command of [ListServicesCommand, ListServiceNetworksCommand]) {
      const resources = allPages(async (nextToken) => {
        const page = await orFault(vpcLattice.send(new Command({ nextToken })));
        return { items: page.items ?? [], next: page.nextToken };
      });
      for await (const { arn } of resources) if (arn !== undefined) yield arn;
    }
  },
  put: {
    operation: 'PutAuthPolicy',
    send: (vpcLattice, { target: { arn: resourceIdentifier }, document: policy }) =>
      vpcLattice.send(new PutAuthPolicyCommand({ resourceIdentifier, policy })),
  },
  remove: {
    operation: 'DeleteAuthPolicy',
    send: (vpcLattice, { target: { arn: resourceIdentifier } }) =>
      vpcLattice.send(new DeleteAuthPolicyCommand({ resourceIdentifier })),
  },
});
