/** Credentials of a role in another account: asked for when they are first used, and again before they end. */

import { AssumeRoleCommand } from '@aws-sdk/client-sts';

/** As clients of the SDK take them. */
export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
};

export type MemberRole = {
  /** With its path, without `/` before it: `ratchet/ratchet-read`. */
  readonly name: string;
  readonly externalId?: string;
};

/** Credentials that hold no longer than this are not handed out: the SDK's clients ask anew five minutes before. */
const RESERVE_MS = 10 * 60_000;

/** The role was not given. */
class RoleRefused extends Error {
  override readonly name = 'RoleRefused';
  readonly code = 'ROLE_REFUSED';
}

/**
 * Returns a source of the role's credentials, shared by all clients of its account: many who ask at once are one call.
 * It throws `RoleRefused` and asks again the next time.
 */
export function assumedRole(
  roleArn: string,
  { externalId }: Pick<MemberRole, 'externalId'> = {},
  now: () => number = Date.now,
): () => Promise<Credentials> {
  let kept: Promise<Credentials> | undefined;
  return async () => {
    const before = kept;
    const fresh = await before?.catch(() => undefined);
    if (fresh !== undefined && fresh.expiration.getTime() - now() > RESERVE_MS) return fresh;
    // Whoever waited for the same answer and came first has asked already.
    if (kept === before) kept = assume(roleArn, externalId);
    return kept ?? assume(roleArn, externalId);
  };
}

async function assume(RoleArn: string, ExternalId: string | undefined): Promise<Credentials> {
  const { STSClient } = await import('@aws-sdk/client-sts');
  try {
    const { Credentials: given } = await new STSClient({}).send(
      new AssumeRoleCommand({
        RoleArn,
        RoleSessionName: 'ratchet',
        ...(ExternalId === undefined ? {} : { ExternalId }),
      }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || Expiration === undefined)
      throw new Error('the answer holds no credentials');
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration,
    };
  } catch (cause) {
    throw new RoleRefused(`\`${RoleArn}\` cannot be assumed; deploy the members' template into its account`, {
      cause,
    });
  }
}
