/** `ratchet check-access-not-granted`: does a document grant something that is listed? */
import type { Command } from 'commander';
import { withNotes } from '../shared/checks/verdict.ts';
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
  /** With the marks of `markGroups`. */
  readonly access: readonly string[];
};

/** Adds the command's flags. */
export function describeCheckAccessNotGranted(command: Command): Command {
  command
    .summary('does a document grant any of the listed actions or resources?')
    .description(
      'Answers FAIL if the document grants a request that one of the --access groups lists, and PASS if it grants none.',
    )
    .requiredOption('--policy-document <file>', 'a file, file://…, - for standard input, or the JSON itself')
    .requiredOption(
      '--access <list...>',
      'a group: any of actions=… on any of resources=…; repeat the flag for more groups, or give the JSON of the API',
    )
    .addHelpText(
      'after',
      `
Example:
  ratchet check-access-not-granted --policy-type IDENTITY_POLICY \\
    --policy-document policy.json \\
    --access actions=s3:DeleteBucket,iam:PassRole \\
    --access actions=s3:GetObject resources=arn:aws:s3:::secret/*`,
    );
  return addOnlyPossible(addSolver(addCheckOutput(addPolicyType(command))));
}

/** Runs the check. */
export const runCheckAccessNotGranted: Run<Options> = async (options, console) => {
  const { notesOn, parseAccess } = await import('./input/parseAccess.ts');
  const { readPolicies } = await import('./input/readPolicies.ts');
  const { askOf } = await import('../shared/checks/controlPolicies.ts');
  const access = parseAccess(options.access);
  const [policy] = await readPolicies(
    [{ flag: '--policy-document', argument: options.policyDocument }],
    options.policyType,
    console.stdin,
  );
  if (policy === undefined) throw new Error('a document was read');
  const witnessTitle = 'A granted request from the list:';
  return answerCheck(
    {
      check: 'check-access-not-granted',
      ask: async (engine) =>
        withNotes(
          await askOf(policy, (asked) => engine.checkAccessNotGranted(asked, access)),
          notesOn(access),
        ),
      policy,
      witnessTitle,
    },
    options,
    console,
  );
};
