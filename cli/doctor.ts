/** `ratchet doctor`: is the deployed guard able to see, to judge and to tell? */
import type { Command } from 'commander';
import { addOutput, type OutputOptions, type Run } from './checkCommand.ts';
import type { CheckReport, CheckState } from './doctor/check.ts';
import { type Console, visible } from './output/console.ts';
import { EXIT_STATUS, type ExitStatus } from './output/exitStatus.ts';
import { indent } from './output/layout.ts';

type Options = OutputOptions & { readonly stack: string; readonly region: readonly string[] };

/** Adds the command's arguments and flags. */
export function describeDoctor(command: Command): Command {
  command
    .summary('find what is missing in a deployment')
    .description(
      'Inspects the deployed guard with your AWS credentials, read-only, and says what is missing and how to fix it. ' +
        'Exit status: 0 all is well, 1 something is missing, 3 something could not be checked.',
    )
    .addOption(command.createOption('--stack <name>', 'the CloudFormation stack').default('ratchet-prod'))
    .addOption(
      command
        .createOption('--region <region...>', 'all Regions that the guard is deployed in')
        .default(['us-east-1']),
    )
    .addHelpText(
      'after',
      `
Example:
  ratchet doctor --stack ratchet-prod --region us-east-1 eu-west-1`,
    );
  return addOutput(command);
}

/** Looks, and says what was seen. */
export const runDoctor: Run<Options> = async ({ stack, region: regions, output }, console) => {
  const { examineDeployment } = await import('./doctor/examine.ts');
  const { clientsOf } = await import('./doctor/clients.ts');
  const reports = await examineDeployment({ stack, regions, now: new Date() }, clientsOf);
  await console.out(
    output === 'json' ? `${JSON.stringify(reports, undefined, 2)}\n` : renderReports(reports, console),
  );
  return statusOfReports(reports);
};

const COLOURS = { ok: 'green', missing: 'red', unknown: 'yellow' } as const;

/** Returns one line a check, and below what is not ok what to do. */
export function renderReports(
  reports: readonly CheckReport[],
  { width, paint }: Pick<Console, 'width' | 'paint'>,
): string {
  const widest = Math.max(...reports.map(({ check }) => check.length));
  const regions = Math.max(...reports.map(({ region }) => region.length));
  return reports
    .map(({ region, check, state, seen, remedy }) => {
      const head = `${state.padEnd('unknown'.length)}  ${region.padEnd(regions)}  ${check.padEnd(widest)}  `;
      const told = indent(visible(seen), head, width).replace(state, paint(COLOURS[state], state));
      return remedy === undefined ? `${told}\n` : `${told}\n${indent(remedy, '         → ', width)}\n`;
    })
    .join('');
}

/** Returns FAIL iff something is missing, else UNKNOWN iff something cannot be told. */
export function statusOfReports(reports: readonly { readonly state: CheckState }[]): ExitStatus {
  if (reports.some(({ state }) => state === 'missing')) return EXIT_STATUS.fail;
  return reports.some(({ state }) => state === 'unknown') ? EXIT_STATUS.unknown : EXIT_STATUS.pass;
}
