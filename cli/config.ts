/** `ratchet config check`: is the configuration file right? */
import type { Command } from 'commander';
import type { Finding } from '../shared/findings/finding.ts';
import { addOutput, type OutputOptions, type Run } from './checkCommand.ts';
import type { SeenTarget } from './config/advice.ts';
import { EXIT_STATUS } from './output/exitStatus.ts';

/** Adds the command's arguments and flags. */
export function describeConfigCheck(command: Command): Command {
  command
    .summary('check a configuration file')
    .description(
      'Lists every problem of the file with its line. With --output json, prints the configuration with all defaults.',
    )
    .argument('<file>', 'JSON with comments, or - for standard input')
    .option('--store <place>', 'a folder or s3://BUCKET; also warn about rules that match nothing there')
    .addHelpText(
      'after',
      `
Examples:
  ratchet config check ratchet.config.jsonc
  ratchet config check ratchet.config.jsonc --store s3://BUCKET`,
    );
  return addOutput(command);
}

type Options = OutputOptions & { readonly store?: string };

function actorsOf(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ change }) => (change === undefined ? [] : [change.actorArn]));
}

/** Checks the file. */
export const runConfigCheck: Run<Options> = async ({ output, store: place }, console, [file = '-']) => {
  const { readConfig } = await import('./input/readConfig.ts');
  const { adviceOn } = await import('./config/advice.ts');
  const config = await readConfig({ flag: 'configuration', file }, console);
  const { openStore, readStates } = await import('./store/openStore.ts');
  const seen: SeenTarget[] | undefined = place === undefined ? undefined : [];
  if (place !== undefined)
    for await (const { target, openFindings, closedFindings } of readStates(await openStore(place)))
      seen?.push({ target, actors: actorsOf([...openFindings, ...closedFindings]) });
  for (const advice of adviceOn(config, seen)) console.err(`${file}: warning: ${advice}\n`);
  if (output === 'json') await console.out(`${JSON.stringify(config, undefined, 2)}\n`);
  else {
    const { targets, criticalAccess, exceptions } = config;
    const modes = targets.length === 0 ? 'all targets are on observe' : `${targets.length} target rules`;
    await console.out(
      `OK  ${modes}, ${criticalAccess.length} critical lists, ${exceptions.length} exceptions\n`,
    );
  }
  return EXIT_STATUS.pass;
};
