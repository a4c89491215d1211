/** A whole deployment: whose account, whether the Region of IAM is among the others, and each Region. */
import type { STSClient } from '@aws-sdk/client-sts';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { iamRegionOf, partitionOf } from '../../shared/policy/arn.ts';
import type { CheckReport, DoctorClients, Place } from './check.ts';
import { examineBefore, examineRegion, say } from './checks.ts';
import type { Wanted } from './preflight.ts';

type Deployment = {
  readonly stack: string;
  /** At least one. */
  readonly regions: readonly string[];
  readonly now: Date;
  /** What is to be deployed; absent: what was deployed is looked at. */
  readonly before?: Wanted;
};

export type ClientsOf = (region: string) => DoctorClients & { readonly sts: STSClient };

/** Returns what was seen, Region by Region. Without credentials nothing else is asked. */
export async function examineDeployment(
  { stack, regions, now, before }: Deployment,
  clientsOf: ClientsOf,
): Promise<readonly CheckReport[]> {
  const [first = 'us-east-1'] = regions;
  const reports: CheckReport[] = [];
  let caller: Pick<Place, 'accountId' | 'callerArn'>;
  try {
    const { Account = '', Arn = '' } = await clientsOf(first).sts.send(new GetCallerIdentityCommand({}));
    caller = { accountId: Account, callerArn: Arn };
    reports.push({ region: first, check: 'credentials', state: 'ok', seen: `${Arn} in ${Account}` });
  } catch (error) {
    const remedy = 'sign in to the guard’s account';
    return [{ region: first, check: 'credentials', state: 'unknown', seen: say(error), remedy }];
  }
  const home = iamRegionOf(first);
  reports.push(
    regions.includes(home)
      ? { region: home, check: 'hub', state: 'ok', seen: 'events of IAM appear here' }
      : {
          region: home,
          check: 'hub',
          state: 'missing',
          seen: `looked at ${regions.join(', ')}; events of IAM appear in ${home} only`,
          remedy: `name ${home} with --region too, and deploy there`,
        },
  );
  for (const region of regions) {
    const place: Place = { stack, region, partition: partitionOf(region), ...caller, now };
    const clients = clientsOf(region);
    reports.push(
      ...(await (before === undefined
        ? examineRegion(clients, place)
        : examineBefore(clients, place, before))),
    );
  }
  return reports;
}
