/** `ratchet evaluate`: what does a policy say of one request? */
import type { Command } from 'commander';
import type { Evaluation } from '../shared/evaluator/evaluate.ts';
import type { Policy } from '../shared/policy/ast.ts';
import { addOutput, type OutputOptions, type Run } from './checkCommand.ts';
import { POLICY_TYPE_NAMES, type PolicyTypeName } from './input/policyTypes.ts';
import type { Source } from './input/readSources.ts';
import { type Console, visible } from './output/console.ts';
import { EXIT_STATUS } from './output/exitStatus.ts';
import { indent } from './output/layout.ts';

type Options = OutputOptions & {
  readonly policyDocument: string;
  readonly request: string;
  readonly policyType?: PolicyTypeName;
};

/** Adds the command's flags. */
export function describeEvaluate(command: Command): Command {
  command
    .summary('does a document grant one given request?')
    .description(
      'Says whether the document grants the request, and which statements match. The exit status is 0 either way.',
    )
    .requiredOption('--policy-document <file>', 'a file, file://…, - for standard input, or the JSON itself')
    .requiredOption('--request <file>', 'the request as JSON; a file, - or the JSON itself')
    .addOption(
      command
        .createOption(
          '--policy-type <type>',
          'the type of the document; by default RESOURCE_POLICY if its statements name principals',
        )
        .choices(POLICY_TYPE_NAMES),
    )
    .addHelpText(
      'after',
      `
A request:
  {"principal": {"type": "AWS", "value": "arn:aws:iam::111122223333:role/a"},
   "action": "s3:GetObject", "resource": "arn:aws:s3:::reports/may",
   "context": {"aws:SourceIp": ["192.0.2.1"]}}
Leave out the principal for an identity policy.

Example:
  ratchet evaluate --policy-document policy.json --request request.json`,
    );
  return addOutput(command);
}

/** Evaluates the request. */
export const runEvaluate: Run<Options> = async (options, console) => {
  const { readSources } = await import('./input/readSources.ts');
  const { parsePolicies } = await import('./input/readPolicies.ts');
  const { readRequest } = await import('./input/readRequest.ts');
  const { evaluatePolicy, evaluatePolicySet } = await import('../shared/evaluator/evaluate.ts');
  const { allReadings } = await import('../shared/checks/underReadings.ts');
  const { toSet } = await import('../shared/policy/policySet.ts');
  const [document, asked] = await readSources(
    [
      { flag: '--policy-document', argument: options.policyDocument },
      { flag: '--request', argument: options.request },
    ],
    console.stdin,
  );
  if (document === undefined || asked === undefined) throw new Error('two texts were read');
  const [policy] = parsePolicies([document], options.policyType ?? typeOf(document));
  if (policy === undefined) throw new Error('a document was read');
  const request = readRequest(asked, policy.policyType);
  const evaluation = evaluatePolicy(policy, request);
  const readings = allReadings({ granted: [toSet(policy)], refused: [] } as const);
  if (readings.some(({ granted: [set] }) => evaluatePolicySet(set, request).granted !== evaluation.granted)) {
    const word = evaluation.granted ? 'not granted' : 'granted';
    console.err(
      `note: AWS's documentation can be read in two ways here; under the other reading the request is ${word}\n`,
    );
  }
  const { loadReference } = await import('../shared/reference/reference.ts');
  const { whyImpossible } = await import('../shared/reference/possible.ts');
  const whyNot = whyImpossible(request, await loadReference());
  if (options.output === 'json') {
    const said = { ...evaluation, possible: whyNot === undefined };
    await console.out(`${JSON.stringify(said, undefined, 2)}\n`);
  } else await console.out(await render(policy, evaluation, { whyNot, console }));
  return EXIT_STATUS.pass;
};

/** Trust and resource policies name principals, identity policies never do. A text that is no policy is told by its parser. */
function typeOf({ text }: Source): PolicyTypeName {
  return /"(Not)?Principal"\s*:/.test(text) ? 'RESOURCE_POLICY' : 'IDENTITY_POLICY';
}

async function render(
  policy: Policy,
  { granted, allows, denies }: Evaluation,
  { whyNot, console }: { readonly whyNot: string | undefined; readonly console: Console },
): Promise<string> {
  const { renderStatement } = await import('./output/renderVerdict.ts');
  const { quoteStatementsOf } = await import('./output/quoteStatement.ts');
  const quote = quoteStatementsOf(policy);
  const why = granted
    ? 'An Allow matches and no Deny does.'
    : denies.length > 0
      ? 'A Deny matches.'
      : 'No Allow matches.';
  const heading = `${console.paint(['bold', granted ? 'green' : 'red'], granted ? 'GRANTED' : 'NOT GRANTED')}  ${why}`;
  const statements = [
    ...denies.map((index) => renderStatement('This Deny matches:', quote(index), console)),
    ...allows.map((index) => renderStatement('This Allow matches:', quote(index), console)),
  ];
  const note =
    whyNot === undefined
      ? []
      : [indent(visible(`AWS documents no such call: ${whyNot}.`), 'Note: ', console.width)];
  return `${[heading, ...statements, ...note].join('\n\n')}\n`;
}
