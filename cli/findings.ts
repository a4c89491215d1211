/** `ratchet findings`: what the store on this machine holds. */
import type { Command } from 'commander';
import type { Finding, FindingStatus } from '../shared/findings/finding.ts';
import { addOutput, type OutputOptions, type Run } from './checkCommand.ts';
import { InputError } from './input/inputError.ts';
import { type Console, visible } from './output/console.ts';
import { EXIT_STATUS } from './output/exitStatus.ts';
import { indent } from './output/layout.ts';

type Options = OutputOptions & { readonly store: string; readonly status?: readonly FindingStatus[] };

const STATUSES = ['ACTIVE', 'RESOLVED', 'ROLLED_BACK', 'APPROVED', 'SUPPRESSED'];

/** Adds the command's arguments and flags. */
export function describeFindings(command: Command): Command {
  command
    .summary('list findings, or show one in full')
    .description('Lists the findings in the store, newest first. With an id, shows that finding in full.')
    .argument('[id]', 'id of the finding; its first characters are enough')
    .addOption(
      command
        .createOption('--store <place>', 'the guard’s store: a folder, or s3://BUCKET of a deployment')
        .default('.ratchet'),
    )
    .addOption(command.createOption('--status <status...>', 'show only these').choices(STATUSES))
    .addHelpText(
      'after',
      `
Example:
  ratchet findings --status ACTIVE --store .ratchet
  ratchet findings --store s3://BUCKET`,
    );
  return addOutput(command);
}

/** Lists the findings. */
export const runFindings: Run<Options> = async ({ store: folder, status, output }, console, [id]) => {
  const { openStore, readFindings } = await import('./store/openStore.ts');
  const all = await readFindings(await openStore(folder));
  const findings = status === undefined ? all : all.filter((finding) => status.includes(finding.status));
  if (id !== undefined) {
    const { withCommands } = await import('../shared/findings/commands.ts');
    const finding = withCommands(pick(findings, id), { kind: 'store', place: folder });
    const { layoutOf, renderText } = await import('../shared/findings/renderText.ts');
    await console.out(
      output === 'json'
        ? `${JSON.stringify(finding, undefined, 2)}\n`
        : visible(renderText(finding, layoutOf(console.width))),
    );
  } else if (output === 'json') await console.out(`${JSON.stringify(findings, undefined, 2)}\n`);
  else await console.out(renderList(findings, console));
  return EXIT_STATUS.pass;
};

/** Returns the finding whose id begins so. Throws `InputError` unless there is exactly one. */
export function pick(findings: readonly Finding[], id: string): Finding {
  const [found, ...others] = findings.filter((finding) => finding.id.startsWith(id));
  if (found !== undefined && others.length === 0) return found;
  const message =
    found === undefined
      ? 'no such finding in the store; `ratchet findings` lists them'
      : 'several findings start like this; give more of the id';
  throw new InputError([{ message: `\`${id}\`: ${message}` }]);
}

/** Returns one short paragraph a finding. */
function renderList(
  findings: readonly Finding[],
  { width, paint }: Pick<Console, 'width' | 'paint'>,
): string {
  if (findings.length === 0) return 'No findings.\n';
  return findings
    .map(({ id, status, severity, title, change, openedAt }) => {
      const time = (change?.eventTime ?? openedAt).slice(0, 19);
      const colour = status === 'ACTIVE' ? 'red' : 'green';
      const heading = `${paint(colour, status)}  ${severity}  ${time}  ${paint('dim', id)}`;
      return `${heading}\n${indent(visible(title), '  ', width)}\n`;
    })
    .join('\n');
}
