/**
 * `ratchet accessanalyzer check-…`: takes what `aws accessanalyzer check-…` takes and answers as it does, output,
 * errors and exit status, so that a script can put one in the place of the other. Nothing is sent to AWS.
 */
import { type Command, Option } from 'commander';
import type { Engine } from '../shared/checks/index.ts';
import type { Verdict } from '../shared/checks/verdict.ts';
import type { Policy, PolicyType } from '../shared/policy/ast.ts';
import type { Operation } from './accessanalyzer/operations.ts';
import { flagOf } from './accessanalyzer/operations.ts';
import type { Asked, Flags } from './accessanalyzer/readParameters.ts';
import { AWS_STATUS, misused, Refusal, refusedBy } from './accessanalyzer/refusal.ts';
import { OUTPUTS, type Output, renderAnswer, toAnswer } from './accessanalyzer/renderAnswer.ts';
import type { Run } from './checkCommand.ts';

type Options = Flags & { readonly output: Output; readonly query?: string };

/** Flags of the AWS CLI that say how a request is sent: nothing is sent, so they say nothing here. */
const WITHOUT_MEANING = [
  '--region <name>',
  '--profile <name>',
  '--endpoint-url <url>',
  '--ca-bundle <file>',
  '--cli-read-timeout <seconds>',
  '--cli-connect-timeout <seconds>',
  '--cli-binary-format <format>',
  '--color <when>',
  '--debug',
  '--no-verify-ssl',
  '--no-paginate',
  '--no-sign-request',
  '--no-cli-pager',
  '--no-cli-auto-prompt',
] as const;

/** Adds the flags of one operation. */
export const describeOperation =
  (operation: Operation) =>
  (command: Command): Command => {
    command
      .summary(operation.summary)
      .description(`Answers as \`aws accessanalyzer ${operation.command}\` does. Nothing is sent to AWS.`)
      // What is missing or unknown is said in the AWS CLI's words, with its exit status.
      .allowUnknownOption()
      .allowExcessArguments();
    for (const parameter of operation.parameters) {
      if (parameter === 'access') command.option('--access <list...>', 'actions=…,resources=…, or JSON');
      else command.option(`${flagOf(parameter)} <value>`, describeParameter(parameter));
    }
    command
      .option('--cli-input-json <value>', 'the request as JSON, or file://…')
      .option('--cli-input-yaml <value>', 'the request as YAML, or file://…')
      .option('--query <expression>', 'a JMESPath expression to filter the answer')
      .option('--output <format>', OUTPUTS.join(', '), 'json');
    for (const flag of WITHOUT_MEANING) command.addOption(new Option(flag).hideHelp());
    return command;
  };

function describeParameter(parameter: string): string {
  if (parameter === 'policyType') return 'IDENTITY_POLICY or RESOURCE_POLICY';
  if (parameter === 'resourceType') return 'its CloudFormation type, such as AWS::S3::Bucket';
  return 'the document as JSON, or file://…';
}

/** Runs one operation. The status is the AWS CLI's: 0 for PASS and FAIL alike. */
export const runOperation =
  (operation: Operation): Run<Options> =>
  async (options, console, operands) => {
    try {
      if (operands.length > 0) throw misused(`Unknown options: ${operands.join(', ')}`);
      if (!OUTPUTS.includes(options.output))
        throw misused(
          `argument --output: Found invalid choice '${options.output}'; choose from ${OUTPUTS.join(', ')}`,
        );
      const { readParameters } = await import('./accessanalyzer/readParameters.ts');
      const asked = await readParameters(operation, options, console.stdin);
      const verdict = await answer(operation, asked);
      if (verdict.result === 'UNKNOWN')
        console.err(`ratchet: undecided, so the answer is FAIL, as AWS does: ${verdict.cause}\n`);
      const said = toAnswer(verdict, FAIL_MESSAGES[operation.name]);
      await console.out(await renderAnswer(await queried(said, options.query), options.output));
      return AWS_STATUS.answered;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      console.err(`\n${error.message}\n`);
      return error.status;
    }
  };

const FAIL_MESSAGES: { readonly [name in Operation['name']]: string } = {
  CheckNoNewAccess: 'The modified permissions grant new access compared to your existing policy.',
  CheckAccessNotGranted: 'The policy document grants access to perform one or more of the listed actions.',
  CheckNoPublicAccess: 'The resource policy grants public access for the given resource type.',
};

async function answer(operation: Operation, asked: Asked): Promise<Verdict> {
  const { createEngine } = await import('../shared/checks/index.ts');
  const parse = await parser(operation);
  const engine: Engine = createEngine();
  try {
    const { policyType } = asked;
    switch (operation.name) {
      case 'CheckNoNewAccess':
        return await engine.checkNoNewAccess(
          parse(asked.existingPolicyDocument, 'existingPolicyDocument', policyType),
          parse(asked.newPolicyDocument, 'newPolicyDocument', policyType),
        );
      case 'CheckAccessNotGranted':
        return await engine.checkAccessNotGranted(
          parse(asked.policyDocument, 'policyDocument', policyType),
          asked.access,
        );
      case 'CheckNoPublicAccess':
        return await engine.checkNoPublicAccess(
          parse(asked.policyDocument, 'policyDocument', 'RESOURCE_POLICY'),
          asked.resourceType,
        );
    }
  } finally {
    await engine.close();
  }
}

async function parser({ name }: Operation) {
  const { parsePolicy } = await import('../shared/policy/parsePolicy.ts');
  return (text: string, parameter: string, policyType: PolicyType): Policy => {
    const isReference = parameter === 'existingPolicyDocument';
    const parsed = parsePolicy(text, { policyType, isReference, sourceName: parameter });
    if (parsed.ok) return parsed.policy;
    const [problem] = parsed.problems;
    const where = problem?.position === undefined ? '' : ` (line ${problem.position.line})`;
    throw refusedBy(
      name,
      'InvalidParameterException',
      `${parameter}: ${problem?.path ?? '$'}: ${problem?.message ?? 'no policy document'}${where}`,
    );
  };
}

async function queried(value: unknown, query: string | undefined): Promise<unknown> {
  if (query === undefined) return value;
  const { search } = await import('@aws-lambda-powertools/jmespath');
  try {
    return search(query, JSON.parse(JSON.stringify(value)));
  } catch (error) {
    throw misused(`Bad value for --query ${query}: ${error instanceof Error ? error.message : error}`);
  }
}
