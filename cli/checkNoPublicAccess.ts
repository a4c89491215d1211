/** `ratchet check-no-public-access`: does a resource policy grant to somebody whom nothing in it fixes? */
import type { Command } from 'commander';
import {
  addCheckOutput,
  addOnlyPossible,
  addSolver,
  answerCheck,
  type CheckOptions,
  type Run,
} from './checkCommand.ts';

type Options = CheckOptions & { readonly policyDocument: string; readonly resourceType: string };

/** Adds the command's flags. */
export function describeCheckNoPublicAccess(command: Command): Command {
  command
    .summary('does a resource policy grant public access?')
    .description(
      'Answers FAIL if the policy grants access to principals that it does not restrict to known accounts, organizations, services or sources.',
    )
    .requiredOption('--policy-document <file>', 'a file, file://…, - for standard input, or the JSON itself')
    .requiredOption('--resource-type <type>', 'its CloudFormation type, such as AWS::S3::Bucket')
    .addHelpText(
      'after',
      `
Example:
  ratchet check-no-public-access --resource-type AWS::S3::Bucket \\
    --policy-document bucket-policy.json`,
    );
  return addOnlyPossible(addSolver(addCheckOutput(command)));
}

/** Runs the check. */
export const runCheckNoPublicAccess: Run<Options> = async (options, console) => {
  const { readPolicies } = await import('./input/readPolicies.ts');
  const { parseResourceType } = await import('./input/parseNames.ts');
  const resourceType = parseResourceType(options.resourceType);
  const [policy] = await readPolicies(
    [{ flag: '--policy-document', argument: options.policyDocument }],
    'RESOURCE_POLICY',
    console.stdin,
  );
  if (policy === undefined) throw new Error('a document was read');
  const witnessTitle = 'A granted request from the public:';
  return answerCheck(
    {
      check: 'check-no-public-access',
      ask: (engine) => engine.checkNoPublicAccess(policy, resourceType),
      policy,
      witnessTitle,
    },
    options,
    console,
  );
};
