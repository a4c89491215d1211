/** AWS clients, one set an account and Region, made when first asked for. Endpoints and credentials are the SDK's matter. */
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import type { AwsClients, ClientsFor } from '../targets/target.ts';

/** Tries of one call, the first included: throttling is answered by waiting, as the SDK's standard mode does. */
const MAX_ATTEMPTS = 5;

/** The function's own account is the only one its credentials reach. */
export class WrongAccount extends Error {
  override readonly name = 'WrongAccount';
  readonly code = 'WRONG_ACCOUNT';
}

/**
 * Returns the clients of the own account, kept per Region. With `ownAccountId`, a place in another account throws
 * `WrongAccount`: reading the same ARN with the wrong credentials would show something else.
 */
export function createClientsFor({ ownAccountId }: { readonly ownAccountId?: string } = {}): ClientsFor {
  const byRegion = new Map<string, AwsClients>();
  return ({ accountId, region }) => {
    if (ownAccountId !== undefined && accountId !== ownAccountId) {
      throw new WrongAccount(
        `no credentials for account \`${accountId}\`: this guard works in \`${ownAccountId}\``,
      );
    }
    let clients = byRegion.get(region);
    if (clients === undefined) {
      const settings = { region, maxAttempts: MAX_ATTEMPTS };
      clients = {
        iam: new IAMClient(settings),
        s3: new S3Client(settings),
        lambda: new LambdaClient(settings),
      };
      byRegion.set(region, clients);
    }
    return clients;
  };
}
