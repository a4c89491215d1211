/** `ratchet restore`: the commands that take back by hand what a finding is about, with the documents that they need. */
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Finding } from '../shared/findings/finding.ts';
import type { Snapshot } from '../shared/targets/target.ts';
import type { Run } from './checkCommand.ts';
import { InputError } from './input/inputError.ts';
import { visible } from './output/console.ts';
import { EXIT_STATUS } from './output/exitStatus.ts';
import type { Wanted } from './restore/versionWithout.ts';

type Options = {
  readonly store: string;
  readonly previous?: true;
  readonly run?: true;
  readonly out?: string;
  readonly account?: string;
  readonly region?: string;
};

/** Adds the command's arguments and flags. */
export function describeRestore(command: Command): Command {
  return command
    .summary('print or run the commands that remove the new access of a finding')
    .description(
      'Prints AWS CLI commands that remove the access that the change added, and writes the documents they need ' +
        'into a folder. With --previous, the commands write the whole version before the change, which may also ' +
        'bring back access that the change removed. With --run, they run with your AWS credentials.',
    )
    .argument('<id>', 'id of the finding; its first characters are enough')
    .addOption(
      command
        .createOption('--store <place>', 'the guard’s store: a folder, or s3://BUCKET of a deployment')
        .default('.ratchet'),
    )
    .option('--previous', 'write the whole version before the change instead')
    .option('--run', 'run the commands, stopping at the first failure')
    .option('--out <folder>', 'folder for the documents (default: ratchet-restore-ID)')
    .option('--account <id>', 'the guard’s account; refuse if you are signed in to another')
    .option('--region <region>', 'the guard’s Region')
    .addHelpText(
      'after',
      `
Examples:
  ratchet restore 3f2a --store .ratchet
  ratchet restore 3f2a --store s3://BUCKET --previous --run`,
    );
}

/** Prints the commands, or runs them. */
export const runRestore: Run<Options> = async (options, console, [id = '']) => {
  const { openStore, readFindings } = await import('./store/openStore.ts');
  const { pick } = await import('./findings.ts');
  const { refuseOtherAccount } = await import('./approve/signedIn.ts');
  await refuseOtherAccount(options);
  const store = await openStore(options.store);
  const finding = pick(await readFindings(store), id);
  const { findStoredSnapshot } = await import('../shared/store/snapshotDocument.ts');
  const find = (hash: string | undefined) =>
    hash === undefined ? undefined : findStoredSnapshot(store, hash);
  const [before, live] = await Promise.all([find(finding.versions?.accepted), find(finding.versions?.live)]);
  if (before === undefined || live === undefined)
    throw new InputError([
      {
        message: `\`${finding.id}\`: the store does not hold the version before; ${finding.undoWith}`,
      },
    ]);
  const { wanted, what } = options.previous
    ? { wanted: before, what: 'the version before the change' }
    : await tightened(before, live);
  const { manualCommands } = await import('./restore/manualCommands.ts');
  const folder = options.out ?? `ratchet-restore-${finding.id.slice(0, 8)}`;
  const { commands, documents } = manualCommands({ live, wanted, folder });
  if (documents.length > 0) await mkdir(folder, { recursive: true });
  for (const { name, text } of documents) await writeFile(join(folder, name), text);
  await console.out(visible(`${headOf(finding, what)}${commands.map((command) => `${command}\n`).join('')}`));
  if (!options.run) return EXIT_STATUS.pass;
  await refuseOtherAccount({ ...options, account: finding.target.accountId });
  for (const command of commands) {
    if (!isPlain(command))
      throw new InputError([{ message: `\`${command}\`: complete it and run it yourself` }]);
    const { status } = spawnSync(command, { shell: true, stdio: ['ignore', 'inherit', 'inherit'] });
    if (status !== 0)
      throw new InputError([{ message: `\`${command}\` failed; the commands before it took effect` }]);
  }
  return EXIT_STATUS.pass;
};

function headOf({ target, title }: Finding, what: string): string {
  return `# ${title}\n# ${target.arn}, account ${target.accountId}, ${target.region}\n# These write ${what}.\n`;
}

/** Nothing in it has a meaning to a shell, and nothing is left out. */
function isPlain(command: string): boolean {
  return !/[;&|`$<>\n…]/.test(command);
}

/** The version before, but for documents that both versions hold: of those, what the change took away stays away. */
async function tightened(before: Snapshot, live: Snapshot): Promise<Wanted> {
  const { createEngine } = await import('../shared/checks/index.ts');
  const { toRoledPolicies } = await import('../shared/targets/policySet.ts');
  const { versionWithout } = await import('./restore/versionWithout.ts');
  const [existing, updated] = [before, live].map(toRoledPolicies);
  if (existing === undefined || updated === undefined)
    throw new InputError([
      {
        message:
          'a document cannot be read in full; with --previous the version before the change is written',
      },
    ]);
  const engine = createEngine();
  try {
    const answer = await engine.tighten({ existing, updated });
    if (answer.result === 'declined')
      throw new InputError([
        {
          message: `no version could be proved to grant nothing new: ${answer.cause}; with --previous the version before the change is written`,
        },
      ]);
    return versionWithout(answer, { before, live });
  } finally {
    await engine.close();
  }
}
