/** `ratchet tighten`: the new document without what the existing one does not grant. */
import type { Command } from 'commander';
import type { Tightened } from '../shared/checks/index.ts';
import type { Policy } from '../shared/policy/ast.ts';
import {
  addOutput,
  addPolicyType,
  addSolver,
  type OutputOptions,
  type Run,
  type SolverOptions,
} from './checkCommand.ts';
import { isLimit, type PolicyTypeName } from './input/policyTypes.ts';
import { EXIT_STATUS } from './output/exitStatus.ts';

type Options = OutputOptions &
  SolverOptions & {
    readonly existingPolicyDocument: string;
    readonly newPolicyDocument: string;
    readonly policyType: PolicyTypeName;
  };

/** Adds the command's flags. */
export function describeTighten(command: Command): Command {
  command
    .summary('print the new document without its new access')
    .description(
      'Prints the widest document that can be built from the new one and passes check-no-new-access, and lists what was removed. Exit status: 0, or 3 if no document could be proved to pass.',
    )
    .requiredOption(
      '--existing-policy-document <file>',
      'a file, file://…, - for standard input, or the JSON itself',
    )
    .requiredOption('--new-policy-document <file>', 'the document to tighten')
    .addHelpText(
      'after',
      `
Example:
  ratchet tighten --policy-type IDENTITY_POLICY \\
    --existing-policy-document old.json --new-policy-document new.json
  ratchet tighten --policy-type IDENTITY_POLICY --output json \\
    --existing-policy-document old.json --new-policy-document new.json \\
    | jq .policy > tightened.json`,
    );
  return addSolver(addOutput(addPolicyType(command)));
}

/** Runs the command. */
export const runTighten: Run<Options> = async (options, console) => {
  const { readPolicies, renderWarnings } = await import('./input/readPolicies.ts');
  const { createEngine } = await import('../shared/checks/index.ts');
  const { tightenCompared } = await import('../shared/checks/controlPolicies.ts');
  const { solver, timeoutMs, output } = options;
  const [existing, updated] = await readPolicies(
    [
      { flag: '--existing-policy-document', argument: options.existingPolicyDocument },
      { flag: '--new-policy-document', argument: options.newPolicyDocument },
    ],
    options.policyType,
    console.stdin,
  );
  if (existing === undefined || updated === undefined) throw new Error('two documents were read');
  console.err(renderWarnings([existing, updated]));
  const engine = createEngine({ solver, timeoutMs });
  try {
    const tightened = await tightenCompared(engine, existing, updated);
    const status = tightened.result === 'declined' ? EXIT_STATUS.unknown : EXIT_STATUS.pass;
    // Known before it is written: a reader that goes away must not change it.
    process.exitCode = status;
    await console.out(
      output === 'json'
        ? `${JSON.stringify(toJson(tightened, updated))}\n`
        : `${textOf(tightened, updated)}${describe(tightened, options.policyType)}`,
    );
    return status;
  } finally {
    await engine.close();
  }
};

/** The document that results: the new one where nothing had to change. */
function resultOf(tightened: Extract<Tightened, { result: 'tightened' }>, updated: Policy): string {
  const [document] = tightened.documents;
  return (document?.policy ?? updated).source;
}

function textOf(tightened: Tightened, updated: Policy): string {
  if (tightened.result === 'declined') return '';
  const text = resultOf(tightened, updated);
  return `${text.trimEnd()}\n\n`;
}

function describe(tightened: Tightened, policyType: PolicyTypeName): string {
  if (tightened.result === 'declined') return `no tightened text: ${tightened.cause}\n`;
  const [grant, grants] = isLimit(policyType) ? ['let pass', 'lets pass'] : ['grant', 'grants'];
  const { documents, isExisting, losesOld, lost, verdict } = tightened;
  const changes = documents
    .flatMap((document) => document.changes)
    .map(({ statementIndex, statementId, description }) => {
      const sid = statementId === undefined ? '' : ` (${statementId})`;
      return `statement ${statementIndex}${sid}: ${description}\n`;
    });
  const what = isExisting
    ? ['This is the existing document.\n']
    : documents.length === 0
      ? ['Nothing had to be removed.\n']
      : changes;
  const loss = !losesOld
    ? `It ${grants} everything that both documents ${grant}.\n`
    : lost === undefined
      ? `It may lose access that both documents ${grant}.\n`
      : `It loses access that both documents ${grant}, for example ${lost.action} on ${lost.resource}.\n`;
  return `${what.join('')}${loss}check-no-new-access: ${verdict.result}\n`;
}

function toJson(tightened: Tightened, updated: Policy): object {
  if (tightened.result === 'declined') return tightened;
  const { isExisting, losesOld, lost, verdict, documents } = tightened;
  return {
    result: 'tightened',
    policy: JSON.parse(resultOf(tightened, updated)),
    isExisting,
    changes: documents.flatMap(({ changes }) => changes),
    losesOld,
    ...(lost === undefined ? {} : { lost }),
    verdict,
  };
}
