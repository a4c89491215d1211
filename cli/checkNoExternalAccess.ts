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
    .summary('does a policy grant access outside the zone of trust?')
    .description(
      'Answers FAIL if the policy grants access to a principal outside the listed accounts, organizations and services and outside the zone of trust of the configuration.',
    )
    .requiredOption('--policy-document <file>', 'a file, file://…, - for standard input, or the JSON itself')
    .option('--trusted-accounts <ids...>', 'account ids of 12 digits')
    .option('--trusted-organizations <ids...>', 'organization ids such as o-a1b2c3d4e5')
    .option('--trusted-services <names...>', 'service principals; * matches any characters')
    .option(
      '--config <file>',
      'also trust the zone of trust of this configuration: accounts, identity providers with their claims, services',
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
  const witnessTitle = 'A granted request from outside the zone of trust:';
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
