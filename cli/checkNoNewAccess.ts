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
    .summary('does a new document grant what the existing one does not?')
    .description('FAIL iff some request is granted by the new document and not by the existing one.')
    .requiredOption('--existing-policy-document <file>', 'a file, file://, - or the JSON itself')
    .requiredOption('--new-policy-document <file>', 'the document as it is to be')
    .option('--all', 'list every distinct piece of new access, each with a request of its own')
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
  const witnessTitle = 'A request that is granted now and was not before:';
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
