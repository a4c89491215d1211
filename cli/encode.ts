/** `ratchet encode`: what a check asks, as a formula for people or as SMT-LIB for another solver. Decides nothing. */
import type { Command } from 'commander';
import type { Candidate, Check } from '../shared/checks/check.ts';
import type { Question } from '../shared/formula/formula.ts';
import type { PolicySet } from '../shared/policy/policySet.ts';
import { addOutput, addPolicyType, type OutputOptions, type Run } from './checkCommand.ts';
import { InputError } from './input/inputError.ts';
import type { PolicyTypeName } from './input/policyTypes.ts';
import type { SourceArgument } from './input/readSources.ts';
import { EXIT_STATUS } from './output/exitStatus.ts';

type Options = OutputOptions & {
  readonly policyType: PolicyTypeName;
  readonly format: 'formula' | 'smtlib';
  readonly existingPolicyDocument?: string;
  readonly newPolicyDocument?: string;
  readonly policyDocument?: string;
  readonly access?: readonly string[];
  readonly resourceType?: string;
  readonly trustedAccounts?: readonly string[];
  readonly trustedOrganizations?: readonly string[];
  readonly trustedServices?: readonly string[];
};

/** Adds the command's flags. */
export function describeEncode(command: Command): Command {
  command
    .summary('print the formula or SMT-LIB script behind a check')
    .description(
      'Takes the flags of any check. Prints one formula for each Allow statement that could cause a FAIL: ' +
        'satisfiable iff the statement does.',
    )
    .option('--existing-policy-document <file>', 'for no-new-access')
    .option('--new-policy-document <file>', 'for no-new-access')
    .option('--policy-document <file>', 'for the other checks')
    .option('--access <list...>', 'for access-not-granted')
    .option('--resource-type <type>', 'for no-public-access')
    .option('--trusted-accounts <ids...>', 'for no-external-access')
    .option('--trusted-organizations <ids...>', 'for no-external-access')
    .option('--trusted-services <names...>', 'for no-external-access')
    .addOption(
      command
        .createOption('--format <name>', 'formula or smtlib')
        .choices(['formula', 'smtlib'])
        .default('formula'),
    )
    .addHelpText(
      'after',
      `
Example:
  ratchet encode --policy-type IDENTITY_POLICY --format smtlib \\
    --existing-policy-document old.json --new-policy-document new.json \\
    | cvc5 --lang smt2 --strings-exp`,
    );
  return addOutput(addPolicyType(command, { standard: 'RESOURCE_POLICY' }));
}

/** `beside`: the policy that a control policy is asked beside. */
type Asked = { readonly check: Check; readonly beside?: string | undefined };

type Encoded = {
  readonly candidate: Candidate;
  readonly beside: string | undefined;
  readonly text: string;
};

/** Prints the questions. */
export const runEncode: Run<Options> = async (options, console) => {
  const asked = await toChecks(options, console.stdin);
  const { renderFormula } = await import('./output/renderFormula.ts');
  const { toSmtLib } = await import('../shared/formula/smtlib.ts');
  const print = (question: Question) =>
    options.format === 'smtlib'
      ? `${toSmtLib(question).script}(check-sat)\n`
      : `${renderFormula(question.formula)}\n`;
  const encoded = asked.flatMap(({ check, beside }) =>
    check.candidates.map((candidate) => ({ candidate, beside, text: print(candidate.question()) })),
  );
  if (options.output === 'json') {
    const rows = encoded.map(({ candidate: { statement, document = '' }, beside, text }) => ({
      ...(beside === undefined ? {} : { beside }),
      ...(document === '' ? {} : { document }),
      statementIndex: statement.index,
      ...(statement.sid === undefined ? {} : { statementId: statement.sid }),
      [options.format]: text,
    }));
    await console.out(`${JSON.stringify(rows, undefined, 2)}\n`);
  } else await console.out(toText(encoded, options.format));
  return EXIT_STATUS.pass;
};

function toText(encoded: readonly Encoded[], format: Options['format']): string {
  if (encoded.length === 0) return '; no statement can contribute: the answer is PASS without a question\n';
  // A solver reads several questions from one text when it forgets between them.
  const between = format === 'smtlib' ? '(reset)\n' : '\n';
  return encoded
    .map(({ candidate: { statement, document = '' }, beside, text }) => {
      const sid = statement.sid === undefined ? '' : ` (${statement.sid.replace(/[^ -~]/g, '?')})`;
      const of = document === '' ? '' : ` of ${document}`;
      const where = beside === undefined ? '' : `beside ${beside}: `;
      return `; ${where}satisfiable iff statement ${statement.index}${sid}${of} contributes\n${text}`;
    })
    .join(between);
}

async function toChecks(options: Options, stdin: NodeJS.ReadableStream): Promise<Asked[]> {
  const { readPolicies } = await import('./input/readPolicies.ts');
  const { asAsked, asCompared, FULL_ACCESS_NAME } = await import('../shared/checks/controlPolicies.ts');
  const { toSet } = await import('../shared/policy/policySet.ts');
  const { existingPolicyDocument, newPolicyDocument, policyDocument, policyType } = options;
  const api = { linkPrincipal: false };
  const read = (sources: readonly SourceArgument[]) => readPolicies(sources, policyType, stdin);
  const asking = (check: Check, isBeside: boolean): Asked =>
    isBeside ? { check, beside: FULL_ACCESS_NAME } : { check };
  if (existingPolicyDocument !== undefined && newPolicyDocument !== undefined) {
    const { noNewAccess } = await import('../shared/checks/noNewAccess.ts');
    const [existing, updated] = await read([
      { flag: '--existing-policy-document', argument: existingPolicyDocument },
      { flag: '--new-policy-document', argument: newPolicyDocument },
    ]);
    if (existing !== undefined && updated !== undefined)
      return asCompared(existing, updated).map(([before, after]) =>
        asking(noNewAccess(toSet(before), toSet(after), api), after !== updated),
      );
  }
  const [policy] =
    policyDocument === undefined ? [] : await read([{ flag: '--policy-document', argument: policyDocument }]);
  if (policy === undefined) throw noCheck();
  const asked = asAsked(policy);
  return [asking(await toCheck(toSet(asked), options), asked !== policy)];
}

async function toCheck(set: PolicySet, options: Options): Promise<Check> {
  const api = { linkPrincipal: false };
  if (options.access !== undefined) {
    const { accessNotGranted } = await import('../shared/checks/accessNotGranted.ts');
    const { parseAccess } = await import('./input/parseAccess.ts');
    return accessNotGranted(set, parseAccess(options.access), api);
  }
  if (options.resourceType !== undefined) {
    const { noPublicAccess } = await import('../shared/checks/noPublicAccess.ts');
    const { parseResourceType } = await import('./input/parseNames.ts');
    return noPublicAccess(set, parseResourceType(options.resourceType));
  }
  if (TRUST_FLAGS.some((flag) => options[flag] !== undefined)) {
    const { noExternalAccess } = await import('../shared/checks/noExternalAccess.ts');
    const { parseTrusted } = await import('./input/parseNames.ts');
    return noExternalAccess(set, parseTrusted(options));
  }
  throw noCheck();
}

const noCheck = () =>
  new InputError([
    { message: 'these flags do not make up a check; give all required flags of one check-… command' },
  ]);

const TRUST_FLAGS = ['trustedAccounts', 'trustedOrganizations', 'trustedServices'] as const;
