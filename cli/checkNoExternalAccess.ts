/** `ratchet check-no-external-access`: does a policy grant to a principal outside the zone of trust? */
import type { Command } from 'commander';
import type { PolicyType } from '../shared/policy/ast.ts';
import {
  addCheckOutput,
  addOnlyPossible,
  addPolicyType,
  addSolver,
  answerCheck,
  type CheckOptions,
  type Run,
} from './checkCommand.ts';

type Options = CheckOptions & {
  readonly policyDocument: string;
  readonly policyType: PolicyType;
  readonly trustedAccounts?: readonly string[];
  readonly trustedOrganizations?: readonly string[];
  readonly trustedServices?: readonly string[];
};

/** Adds the command's flags. */
export function describeCheckNoExternalAccess(command: Command): Command {
  command
    .summary('does a policy grant to a principal outside the zone of trust?')
    .description(
      'FAIL iff access is granted to a principal that is in none of the accounts, organizations and services listed.',
    )
    .requiredOption('--policy-document <file>', 'a file, file://, - or the JSON itself')
    .option('--trusted-accounts <ids...>', '12 digits each')
    .option('--trusted-organizations <ids...>', 'o-… each')
    .option('--trusted-services <names...>', 'service principals; * stands for any characters')
    .addHelpText(
      'after',
      `
Example:
  ratchet check-no-external-access --policy-document key-policy.json \\
    --trusted-accounts 111122223333 444455556666 \\
    --trusted-organizations o-a1b2c3d4e5 --trusted-services '*.amazonaws.com'`,
    );
  return addOnlyPossible(addSolver(addCheckOutput(addPolicyType(command, 'RESOURCE_POLICY'))));
}

/** Runs the check. */
export const runCheckNoExternalAccess: Run<Options> = async (options, console) => {
  const { readPolicies } = await import('./input/readPolicies.ts');
  const { parseTrusted } = await import('./input/parseNames.ts');
  const trusted = parseTrusted(options);
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
      ask: (engine) => engine.checkNoExternalAccess(policy, trusted),
      policy,
      witnessTitle,
    },
    options,
    console,
  );
};
