/** The policy of an account's ECR registry, one a Region: who may replicate into it. */
import {
  DeleteRegistryPolicyCommand,
  GetRegistryPolicyCommand,
  PutRegistryPolicyCommand,
} from '@aws-sdk/client-ecr';
import { partitionOf } from '../../policy/arn.ts';
import { unless } from '../../targets/aws.ts';
import { documentTarget } from '../../targets/documentTarget.ts';

export const registryPolicy = documentTarget({
  kind: 'registry-policy',
  service: 'ecr',
  noun: 'registry',
  async read(ecr) {
    const found = await unless(
      ['RegistryPolicyNotFoundException'],
      ecr.send(new GetRegistryPolicyCommand({})),
    );
    return { document: found?.policyText };
  },
  async *list(_, { accountId, region }) {
    yield `arn:${partitionOf(region)}:ecr:${region}:${accountId}:registry`;
  },
  put: {
    operation: 'PutRegistryPolicy',
    send: (ecr, { document: policyText }) => ecr.send(new PutRegistryPolicyCommand({ policyText })),
  },
  remove: {
    operation: 'DeleteRegistryPolicy',
    send: (ecr) => ecr.send(new DeleteRegistryPolicyCommand({})),
  },
});
