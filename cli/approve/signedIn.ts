/** Who is signed in. */
import { InputError } from '../input/inputError.ts';

type Place = { readonly account?: string; readonly region?: string };

/** Returns the ARN of whoever is signed in. Throws `InputError` when AWS does not say. */
export async function signedInAs({
  region,
}: Place): Promise<{ readonly account: string; readonly arn: string }> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const client = new STSClient(region === undefined ? {} : { region });
  try {
    const { Account: account = '', Arn: arn = '' } = await client.send(new GetCallerIdentityCommand({}));
    return { account, arn };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError([{ message: `sign in to AWS first: ${why}` }]);
  }
}

/** Throws `InputError` iff an account is named and somebody else's is signed in to. */
export async function refuseOtherAccount({ account, region }: Place): Promise<void> {
  if (account === undefined) return;
  const signedIn = await signedInAs(region === undefined ? {} : { region });
  if (signedIn.account === account) return;
  throw new InputError([
    { source: '--account', message: `you are signed in to ${signedIn.account}; sign in to ${account}` },
  ]);
}
