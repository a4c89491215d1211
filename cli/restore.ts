/** `ratchet restore`: the commands that take back by hand what a finding is about, with the documents that they need. */
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type Finding, isOpen } from '../shared/findings/finding.ts';
import type { GuardDependencies } from '../shared/guard/contract.ts';
import type { GuardStore } from '../shared/guard/state.ts';
import type { Snapshot } from '../shared/targets/target.ts';
import type { Run } from './checkCommand.ts';
import { InputError } from './input/inputError.ts';
import { visible } from './output/console.ts';
import { EXIT_STATUS } from './output/exitStatus.ts';
import type { versionWithout, Wanted } from './restore/versionWithout.ts';

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
      'Prints AWS CLI commands that remove the access that the change added from what the guard read last, and ' +
        'writes the documents they need into a folder. With --previous, the commands write the whole version ' +
        'before the change, which may also bring back access that the change removed. With --run, AWS is read ' +
        'first, and they run with your AWS credentials.',
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
  const { target } = finding;
  if (options.run) await refuseOtherAccount({ ...options, account: target.accountId });
  const { findStoredSnapshot } = await import('../shared/store/snapshotDocument.ts');
  const { stepOf } = await import('./restore/versionWithout.ts');
  const { versions } = stepOf(finding);
  const find = (hash: string | undefined) =>
    hash === undefined ? undefined : findStoredSnapshot(store, hash);
  const [before, after] = await Promise.all([find(versions.before), find(versions.after)]);
  if (before === undefined || after === undefined)
    throw new InputError([
      {
        message: `\`${finding.id}\`: the store does not hold the version before; ${finding.undoWith}`,
      },
    ]);
  const world = await worldOf(store, options.run === true, before);
  const live = await world.adapters[target.kind].read(target, world.clientsFor(target));
  if (!live.exists) throw new InputError([{ message: `\`${target.arn}\` is not there any more` }]);
  const isChanged = live.contentHash !== after.contentHash;
  const { wanted, what } = options.previous
    ? { wanted: before, what: `the version before the change${isChanged ? CHANGED : ''}` }
    : await proposed(finding, { before, after, live }, world);
  const { manualCommands } = await import('./restore/manualCommands.ts');
  const folder = options.out ?? `ratchet-restore-${finding.id.slice(0, 8)}`;
  const { commands, documents } = manualCommands({ live, wanted, folder });
  if (documents.length > 0) await mkdir(folder, { recursive: true });
  for (const { name, text } of documents) await writeFile(join(folder, name), text);
  await console.out(visible(`${headOf(finding, what)}${commands.map((command) => `${command}\n`).join('')}`));
  if (!options.run) return EXIT_STATUS.pass;
  for (const command of commands) {
    if (!isPlain(command))
      throw new InputError([{ message: `\`${command}\`: complete it and run it yourself` }]);
    const { status } = spawnSync(command, { shell: true, stdio: ['ignore', 'inherit', 'inherit'] });
    if (status !== 0)
      throw new InputError([{ message: `\`${command}\` failed; the commands before it took effect` }]);
  }
  return EXIT_STATUS.pass;
};

function headOf(finding: Finding, what: string): string {
  const { target, title, status } = finding;
  const closed = isOpen(finding) ? '' : `# The finding is closed: ${status}.\n`;
  return `# ${title}\n# ${target.arn}, account ${target.accountId}, ${target.region}\n${closed}# These write ${what}.\n`;
}

const CHANGED = '; what is live has changed since, and those later changes are lost too';

type World = Pick<GuardDependencies, 'store' | 'adapters' | 'clientsFor'>;

/** What is live: what AWS holds, where the commands are to run at once; else what the store saw last. */
async function worldOf(store: GuardStore, isRun: boolean, before: Snapshot): Promise<World> {
  if (isRun) {
    const { ADAPTERS } = await import('../shared/services/index.ts');
    const { createClientsFor } = await import('../shared/runtime/clients.ts');
    return { store, adapters: ADAPTERS, clientsFor: createClientsFor() };
  }
  const { NO_CLIENTS, observedAdapters } = await import('./store/observedGuard.ts');
  const adapters = observedAdapters(store);
  const { kind } = before.target;
  // What others hold too is as the store knew it.
  const withAddition = async (content: Snapshot, id: string) => {
    const parts = before.parts.filter((part) => part.id === id || part.id.startsWith(`${id}/`));
    return { ...content, parts: [...content.parts, ...parts] };
  };
  return {
    store,
    adapters: { ...adapters, [kind]: { ...adapters[kind], withAddition } },
    clientsFor: () => NO_CLIENTS,
  };
}

/** Nothing in it has a meaning to a shell, and nothing is left out. */
function isPlain(command: string): boolean {
  return !/[;&|`$<>\n…]/.test(command);
}

async function proposed(
  finding: Finding,
  contents: Parameters<typeof versionWithout>[1],
  world: World,
): Promise<Wanted> {
  const { createEngine } = await import('../shared/checks/index.ts');
  const { defaultConfig } = await import('../shared/runtime/loadConfig.ts');
  const { versionWithout } = await import('./restore/versionWithout.ts');
  const engine = createEngine();
  try {
    return await versionWithout(finding, contents, { ...world, engine, config: defaultConfig() });
  } finally {
    await engine.close();
  }
}
