/** `ratchet report`: the findings of the store as one HTML page. */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import type { Run } from './checkCommand.ts';
import { InputError } from './input/inputError.ts';
import { EXIT_STATUS } from './output/exitStatus.ts';

type Options = { readonly store: string; readonly out?: string };

/** Adds the command's flags. */
export function describeReport(command: Command): Command {
  return command
    .summary('write the findings as an HTML page')
    .description(
      'Writes an HTML page with every finding in the store, most serious first. The page needs no network. ' +
        'With --out, a long report is split into several pages beside that file.',
    )
    .addOption(
      command
        .createOption('--store <place>', 'the guard’s store: a folder, or s3://BUCKET of a deployment')
        .default('.ratchet'),
    )
    .option('--out <file>', 'the file to write; standard output by default')
    .addHelpText(
      'after',
      `
Example:
  ratchet replay AWSLogs/ --store .ratchet
  ratchet report --out report.html`,
    );
}

/** Writes the page; where it has a name, what is too much for it beside it. */
export const runReport: Run<Options> = async ({ store: folder, out }, console) => {
  const { openStore } = await import('./store/openStore.ts');
  const { collectReport } = await import('./report/collectReport.ts');
  const { renderPages } = await import('./report/renderPages.ts');
  const { whyNotWritten } = await import('./input/readSources.ts');
  const store = await openStore(folder);
  const { withCommands } = await import('../shared/findings/commands.ts');
  const collected = await collectReport(store, new Date().toISOString());
  const home = { kind: 'store', place: folder } as const;
  const report = {
    ...collected,
    findings: collected.findings.map((finding) => withCommands(finding, home)),
  };
  const { length } = report.findings;
  if (out === undefined) {
    for await (const { text } of renderPages(report, store, undefined)) await console.out(text);
    return EXIT_STATUS.pass;
  }
  let files = 0;
  for await (const { name, text } of renderPages(report, store, basename(out))) {
    const file = join(dirname(out), name);
    // A folder is made for what stands beside the page, never for the page itself.
    if (dirname(name) !== '.') await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text).catch((error: unknown) => {
      throw new InputError([{ source: file, message: whyNotWritten(error) }]);
    });
    files++;
  }
  const beside = files > 1 ? ` (${files - 1} more ${files === 2 ? 'page' : 'pages'} beside it)` : '';
  console.err(
    `wrote ${out}${beside}: ${length} ${length === 1 ? 'finding' : 'findings'}; open it in a browser\n`,
  );
  return EXIT_STATUS.pass;
};
