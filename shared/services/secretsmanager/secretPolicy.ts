/** Policies of secrets in Secrets Manager. */

import {
  DeleteResourcePolicyCommand,
  GetResourcePolicyCommand,
  ListSecretsCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-secrets-manager';
import { parseArn } from '../../policy/arn.ts';
import { allPages, orFault, unless } from '../../targets/aws.ts';
import { documentTarget } from '../../targets/documentTarget.ts';
import { GONE } from './gone.ts';

export const secretPolicy = documentTarget({
  kind: 'secret-policy',
  service: 'secretsManager',
  noun: 'secret',
  // An event may name a secret by its name, or without the letters that end its ARN.
  async resolve(secretsManager, { arn }) {
    for (const SecretId of [arn, parseArn(arn).resource.replace('secret:', '')]) {
      const found = await unless(GONE, secretsManager.send(new GetResourcePolicyCommand({ SecretId })));
      if (found?.ARN !== undefined) return found.ARN;
    }
    return arn;
  },
  async read(secretsManager, { arn: SecretId }) {
    const found = await unless(GONE, secretsManager.send(new GetResourcePolicyCommand({ SecretId })));
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
