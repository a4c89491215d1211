/**
 * AWS clients, one set an account and Region. A client's code is loaded, and the client made, when it is first used:
 * a start pays for nothing else. Endpoints and credentials are the SDK's matter.
 */

import { partitionOf } from '../policy/arn.ts';
import { CLIENT_MAKERS, type ClientSettings } from '../services/clients.ts';
import type { AwsClients } from '../targets/clients.ts';
import type { ClientsFor } from '../targets/target.ts';
import type { Credentials, MemberRole } from './assumedRole.ts';

/** Tries of one call, the first included: throttling is answered by waiting, as the SDK's standard mode does. */
const MAX_ATTEMPTS = 5;

type Sender = { send(command: never, options: never): Promise<unknown> };

/** There are no credentials for the account. */
class WrongAccount extends Error {
  override readonly name = 'WrongAccount';
  readonly code = 'WRONG_ACCOUNT';
}

export type ClientsOptions = {
  /** Absent: every place is taken for the own account. */
  readonly ownAccountId?: string;
  /** What is taken on in every other account. Absent: other accounts throw `WrongAccount`. */
  readonly memberRole?: MemberRole;
};

/**
 * Returns the clients of a place, kept per account and Region. Reading an ARN of another account with the wrong
 * credentials would show something else, so such a place needs the member role or throws `WrongAccount`.
 */
export function createClientsFor({ ownAccountId, memberRole }: ClientsOptions = {}): ClientsFor {
  const byPlace = new Map<string, AwsClients>();
  const byAccount = new Map<string, () => Promise<Credentials>>();
  const credentialsOf = (accountId: string, region: string, role: MemberRole) => {
    const known = byAccount.get(accountId);
    if (known !== undefined) return known;
    const roleArn = `arn:${partitionOf(region)}:iam::${accountId}:role/${role.name}`;
    let source: Promise<() => Promise<Credentials>> | undefined;
    const made = async () => {
      source ??= import('./assumedRole.ts').then(({ assumedRole }) => assumedRole(roleArn, role));
      return (await source)();
    };
    byAccount.set(accountId, made);
    return made;
  };
  return ({ accountId, region }) => {
    const isOwn = ownAccountId === undefined || accountId === ownAccountId;
    if (!isOwn && memberRole === undefined) {
      throw new WrongAccount(
        `no credentials for account \`${accountId}\`: this guard works in \`${ownAccountId}\``,
      );
    }
    const place = isOwn ? region : `${accountId} ${region}`;
    let clients = byPlace.get(place);
    if (clients === undefined) {
      clients = createClients({
        region,
        maxAttempts: MAX_ATTEMPTS,
        ...(isOwn || memberRole === undefined
          ? {}
          : { credentials: credentialsOf(accountId, region, memberRole) }),
      });
      byPlace.set(place, clients);
    }
    return clients;
  };
}

function createClients(settings: ClientSettings): AwsClients {
  const clients = Object.entries(CLIENT_MAKERS).map(([service, make]) => {
    let made: Promise<Sender> | undefined;
    const send = async (command: never, options: never): Promise<unknown> => {
      made ??= make(settings) as Promise<Sender>; // What it is given, its own service's commands, is what it takes.
      return (await made).send(command, options);
    };
    return [service, { send }];
  });
  return Object.fromEntries(clients) as AwsClients; // `CLIENT_MAKERS` has every service; `send` hands on what it is given.
}
