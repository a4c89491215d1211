/** Policies of secrets in Secrets Manager. */
import {
  DeleteResourcePolicyCommand,
  GetResourcePolicyCommand,
  ListSecretsCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-secrets-manager';
import { allPages, orFault, unless } from './aws.ts';
import { documentTarget } from './documentTarget.ts';

export const secretPolicy = documentTarget({
  kind: 'secret-policy',
  service: 'secretsManager',
  noun: 'secret',
  async read(secretsManager, { arn: SecretId }) {
    const found = await unless(
      ['ResourceNotFoundException'],
      secretsManager.send(new GetResourcePolicyCommand({ SecretId })),
    );
    // The ARN of a secret ends in letters that are drawn anew for each.
    return found && { document: found.ResourcePolicy, uniqueId: found.ARN };
  },
  async *list(secretsManager) {
    const secrets = allPages(async (NextToken) => {
      const page = await orFault(secretsManager.send(new ListSecretsCommand({ MaxResults: 100, NextToken })));
      return { items: page.SecretList ?? [], next: page.NextToken };
    });
    for await (const { ARN: arn } of secrets) if (arn !== undefined) yield arn;
  },
  put: {
    operation: 'PutResourcePolicy',
    // The service's own proof against broad access stays on.
    send: (secretsManager, { target: { arn: SecretId }, document: ResourcePolicy }) =>
      secretsManager.send(
        new PutResourcePolicyCommand({ SecretId, ResourcePolicy, BlockPublicPolicy: true }),
      ),
  },
  remove: {
    operation: 'DeleteResourcePolicy',
    send: (secretsManager, { target: { arn: SecretId } }) =>
      secretsManager.send(new DeleteResourcePolicyCommand({ SecretId })),
  },
});
