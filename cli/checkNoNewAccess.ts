/** `ratchet check-no-new-access`: does the new document grant what the existing one does not? */
import type { Command } from 'commander';
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
  readonly existingPolicyDocument: string;
  readonly newPolicyDocument: string;
  readonly policyType: PolicyTypeName;
  readonly all?: true;
};

/** Adds the command's flags. */
export function describeCheckNoNewAccess(command: Command): Command {
  command
    .summary('does the new document grant anything that the existing one does not?')
    .description(
      'Answers FAIL if the new document grants any request that the existing one does not, and PASS if it grants none.',
    )
    .requiredOption(
      '--existing-policy-document <file>',
      'a file, file://…, - for standard input, or the JSON itself',
    )
    .requiredOption('--new-policy-document <file>', 'the document after the change')
    .option('--all', 'list all new access, each piece with an example request')
    .addHelpText(
      'after',
      `
Example:
  ratchet check-no-new-access --policy-type IDENTITY_POLICY \\
    --existing-policy-document old.json --new-policy-document new.json
  git show HEAD:role.json | ratchet check-no-new-access \\
    --policy-type IDENTITY_POLICY \\
    --existing-policy-document - --new-policy-document role.json`,
    );
  return addOnlyPossible(addSolver(addCheckOutput(addPolicyType(command))));
}

/** Runs the check. */
export const runCheckNoNewAccess: Run<Options> = async (options, console) => {
  const { readPolicies } = await import('./input/readPolicies.ts');
  const { compare, listCompared } = await import('../shared/checks/controlPolicies.ts');
  const [existing, updated] = await readPolicies(
    [
      { flag: '--existing-policy-document', argument: options.existingPolicyDocument, isReference: true },
      { flag: '--new-policy-document', argument: options.newPolicyDocument },
    ],
    options.policyType,
    console.stdin,
  );
  if (existing === undefined || updated === undefined) throw new Error('two documents were read');
  const witnessTitle = 'A request that only the new document grants:';
  return answerCheck(
    {
      check: 'check-no-new-access',
      ask: (engine) => compare(engine, existing, updated),
      ...(options.all ? { list: (engine) => listCompared(engine, existing, updated) } : {}),
      policy: updated,
      existing,
      witnessTitle,
    },
    options,
    console,
  );
};
