/** `ratchet check-no-external-access`: does a policy grant to a principal outside the zone of trust? */
import type { Command } from 'commander';
import type { Trusted } from '../shared/checks/index.ts';
import type { ZoneOfTrust } from '../shared/guard/config.ts';
import {
  addCheckOutput,
  addOnlyPossible,
  addPolicyType,
  addSolver,
  answerCheck,
  type CheckOptions,
  type Run,
} from './checkCommand.ts';
import type { PolicyTypeName } from './input/policyTypes.ts';

type Options = CheckOptions & {
  readonly policyDocument: string;
  readonly policyType: PolicyTypeName;
  readonly trustedAccounts?: readonly string[];
  readonly trustedOrganizations?: readonly string[];
  readonly trustedServices?: readonly string[];
  readonly config?: string;
};

/** Adds the command's flags. */
export function describeCheckNoExternalAccess(command: Command): Command {
  command
    .summary('does a policy grant to a principal outside the zone of trust?')
    .description(
      'FAIL iff access is granted to a principal that is in none of the accounts, organizations and services listed, nor in the zone of trust of the configuration.',
    )
    .requiredOption('--policy-document <file>', 'a file, file://, - or the JSON itself')
    .option('--trusted-accounts <ids...>', '12 digits each')
    .option('--trusted-organizations <ids...>', 'o-… each')
    .option('--trusted-services <names...>', 'service principals; * stands for any characters')
    .option(
      '--config <file>',
      'whose zone of trust counts too: identity providers with their claims, services that act for the account',
    )
    .addHelpText(
      'after',
      `
Example:
  ratchet check-no-external-access --policy-document key-policy.json \\
    --trusted-accounts 111122223333 444455556666 \\
    --trusted-organizations o-a1b2c3d4e5 --trusted-services '*.amazonaws.com'`,
    );
  return addOnlyPossible(addSolver(addCheckOutput(addPolicyType(command, { standard: 'RESOURCE_POLICY' }))));
}

/** Only roles of IAM Identity Center trust its provider, and whose policy this is nobody says. */
function withZone(flags: Trusted, { identityCenter: _, ...zone }: ZoneOfTrust): Trusted {
  return {
    ...zone,
    accounts: [...(flags.accounts ?? []), ...zone.accounts],
    organizations: [...(flags.organizations ?? []), ...zone.organizations],
    services: [...(flags.services ?? []), ...zone.services],
  };
}

/** Runs the check. */
export const runCheckNoExternalAccess: Run<Options> = async (options, console) => {
  const { readPolicies } = await import('./input/readPolicies.ts');
  const { askOf } = await import('../shared/checks/controlPolicies.ts');
  const { parseTrusted } = await import('./input/parseNames.ts');
  const { readConfig } = await import('./input/readConfig.ts');
  const flags = parseTrusted(options);
  const trusted =
    options.config === undefined
      ? flags
      : withZone(flags, (await readConfig({ flag: '--config', file: options.config }, console)).zoneOfTrust);
  const [policy] = await readPolicies(
    [{ flag: '--policy-document', argument: options.policyDocument }],
    options.policyType,
    console.stdin,
  );
  if (policy === undefined) throw new Error('a document was read');
  const witnessTitle = 'A request from outside the zone of trust that is granted:';
  return answerCheck(
    {
      check: 'check-no-external-access',
      ask: (engine) => askOf(policy, (asked) => engine.checkNoExternalAccess(asked, trusted)),
      policy,
      witnessTitle,
    },
    options,
    console,
  );
};
