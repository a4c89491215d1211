/** `ratchet report`: the findings of the store as one HTML page. */
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Run } from './checkCommand.ts';
import { InputError } from './input/inputError.ts';
import { EXIT_STATUS } from './output/exitStatus.ts';

type Options = { readonly store: string; readonly out?: string };

/** Adds the command's flags. */
export function describeReport(command: Command): Command {
  return command
    .summary('one HTML page of all findings, to read or to send')
    .description(
      'Writes one HTML page with every finding of the store. It needs no network and runs no script.',
    )
    .addOption(
      command
        .createOption(
          '--store <place>',
          'where the guard keeps its memory: a folder, or s3://BUCKET of a deployment',
        )
        .default('.ratchet'),
    )
    .option('--out <file>', 'write the page there instead of to standard output')
    .addHelpText(
      'after',
      `
Example:
  ratchet replay AWSLogs/ --store .ratchet
  ratchet report --out report.html`,
    );
}

/** Writes the page. */
export const runReport: Run<Options> = async ({ store: folder, out }, console) => {
  const { openStore } = await import('./store/openStore.ts');
  const { collectReport } = await import('./report/collectReport.ts');
  const { renderReport } = await import('./report/renderReport.ts');
  const { whyNotWritten } = await import('./input/readSources.ts');
  const report = await collectReport(await openStore(folder), new Date().toISOString());
  const page = renderReport(report);
  if (out === undefined) await console.out(page);
  else {
    await writeFile(out, page).catch((error: unknown) => {
      throw new InputError([{ source: out, message: whyNotWritten(error) }]);
    });
    const { length } = report.findings;
    console.err(`wrote ${out}: ${length} ${length === 1 ? 'finding' : 'findings'}; open it in a browser\n`);
  }
  return EXIT_STATUS.pass;
};
