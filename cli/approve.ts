/** `ratchet approve`: what one change added may stay, in a person's name. */
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { Finding } from '../shared/findings/finding.ts';
import { addOutput, type OutputOptions, type Run } from './checkCommand.ts';
import { InputError } from './input/inputError.ts';
import { EXIT_STATUS } from './output/exitStatus.ts';

type Options = OutputOptions & {
  readonly store: string;
  readonly function?: string;
  readonly account?: string;
  readonly region?: string;
  readonly who: string;
  readonly why: string;
};

/** Adds the command's arguments and flags. */
export function describeApprove(command: Command): Command {
  command
    .summary('accept the change behind a finding')
    .description(
      'Accepts the version that the finding is about. Refuses if the target has changed since. Works on a local ' +
        'store that `replay` filled or, with --function, on the deployed guard.',
    )
    .argument('<id>', 'id of the finding; its first characters are enough')
    .option('--who <name>', 'who approves; YOU stands for the signed-in user', 'YOU')
    .requiredOption('--why <reason>', 'the reason, for the record')
    .addOption(
      command
        .createOption('--store <place>', 'the guard’s store: a folder, or s3://BUCKET of a deployment')
        .default('.ratchet'),
    )
    .option('--function <name>', 'the deployed approve function; invoked with your AWS credentials')
    .option('--account <id>', 'the guard’s account; refuse if you are signed in to another')
    .option('--region <region>', 'the function’s Region')
    .addHelpText(
      'after',
      `
Examples:
  ratchet approve 3f2a --who ada@example.com --why "migration, ticket 1234"
  ratchet approve 0123456789abcdef0123456789abcdef --function ratchet-prod-approve \\
    --account 111122223333 --region us-east-1 --why "ticket 1234"`,
    );
  return addOutput(command);
}

/** So printed commands name whoever runs them. */
const YOU = 'YOU';

/** Approves the finding. */
export const runApprove: Run<Options> = async (options, console, [id = '']) => {
  const { store: folder, why, output } = options;
  refuseEmpty({ '--who': options.who, '--why': why });
  const { isBucket } = await import('./store/openStore.ts');
  if (options.function !== undefined || isBucket(folder)) {
    const { approveDeployed } = await import('./approve/approveDeployed.ts');
    const { refuseOtherAccount, signedInAs } = await import('./approve/signedIn.ts');
    await refuseOtherAccount(options);
    const { name, region } =
      options.function === undefined
        ? await (await import('./approve/functionOf.ts')).functionOf(folder, options.region)
        : { name: options.function, region: options.region };
    const place = region === undefined ? {} : { region };
    const who = options.who === YOU ? (await signedInAs(place)).arn : options.who;
    const { LambdaClient } = await import('@aws-sdk/client-lambda');
    const approved = await approveDeployed(name, { findingId: id, who, why }, new LambdaClient(place));
    const text = approved.map((findingId) => `Approved ${findingId}\n`).join('');
    await console.out(output === 'json' ? `${JSON.stringify(approved)}\n` : text);
    return EXIT_STATUS.pass;
  }
  const { openStore, readFindings } = await import('./store/openStore.ts');
  const { createObservedGuard } = await import('./store/observedGuard.ts');
  const { pick } = await import('./findings.ts');
  const who = options.who === YOU ? userInfo().username : options.who;
  const store = await openStore(folder);
  const { id: findingId } = pick(await readFindings(store), id);
  const { createEngine } = await import('../shared/checks/index.ts');
  const engine = createEngine();
  const outcome = await createObservedGuard(store, engine)
    .approve({ findingId, who, why })
    .finally(() => engine.close());
  switch (outcome.kind) {
    case 'approved':
      await console.out(
        output === 'json' ? `${JSON.stringify(outcome.findings, undefined, 2)}\n` : say(outcome.findings),
      );
      return EXIT_STATUS.pass;
    case 'already-closed':
      throw new InputError([{ message: `\`${findingId}\` is already closed: ${outcome.finding.status}` }]);
    case 'changed-since': {
      const newer = outcome.newer.map((finding) => finding.id).join(', ');
      const first = newer === '' ? '' : `; approve these first: ${newer}`;
      throw new InputError([{ message: `${outcome.why}${first}` }]);
    }
    case 'not-found':
    case 'busy':
      throw new InputError([{ message: outcome.why }]);
  }
};

function say(findings: readonly Finding[]): string {
  return findings.map(({ id, target }) => `Approved ${id}: ${target.arn}\n`).join('');
}

function refuseEmpty(flags: { readonly [flag: string]: string }): void {
  const problems = Object.entries(flags)
    .filter(([, text]) => text.trim() === '')
    .map(([source]) => ({ source, message: 'must not be empty' }));
  if (problems.length > 0) throw new InputError(problems);
}
