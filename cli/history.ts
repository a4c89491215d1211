/** `ratchet history`: the versions of one target, with what each granted beyond the one before. */
import type { Command } from 'commander';
import type { TargetState } from '../shared/guard/state.ts';
import { TARGET_KINDS } from '../shared/targets/kindNames.ts';
import { addOutput, addSolver, type OutputOptions, type Run, type SolverOptions } from './checkCommand.ts';
import { EXIT_STATUS } from './output/exitStatus.ts';

type Options = OutputOptions & SolverOptions & { readonly store: string; readonly kind?: string };

/** Adds the command's argument and flags. */
export function describeHistory(command: Command): Command {
  command
    .summary('show the versions of one target and what each newly granted')
    .description(
      'Shows the versions of one target that the store holds: recent accepted ones, and those with findings.',
    )
    .argument('<target>', 'its ARN, its name, or a unique part of the ARN')
    .addOption(
      command
        .createOption('--store <place>', 'the guard’s store: a folder, or s3://BUCKET of a deployment')
        .default('.ratchet'),
    )
    .addOption(
      command
        .createOption('--kind <kind>', 'which target, where several share an ARN')
        .choices([...TARGET_KINDS]),
    )
    .addHelpText(
      'after',
      `
Example:
  ratchet history arn:aws:iam::111122223333:policy/read-reports
  ratchet history developer --kind role-trust --store .ratchet`,
    );
  return addSolver(addOutput(command));
}

/** Shows the versions. */
export const runHistory: Run<Options> = async (options, console, [text = '']) => {
  const { openStore, readStates } = await import('./store/openStore.ts');
  const { pickTarget } = await import('./history/pickTarget.ts');
  const { collectHistory } = await import('./history/collectHistory.ts');
  const { createEngine } = await import('../shared/checks/index.ts');
  const store = await openStore(options.store);
  const states: TargetState[] = [];
  for await (const one of readStates(store)) states.push(one);
  const state = pickTarget(states, text, options.kind);
  const { solver, timeoutMs } = options;
  const engine = createEngine({ solver, timeoutMs, linkPrincipal: true });
  try {
    const versions = await collectHistory(state, { store, engine });
    if (options.output === 'json') {
      await console.out(`${JSON.stringify({ target: state.target, versions }, undefined, 2)}\n`);
    } else {
      const { renderHistory } = await import('./history/renderHistory.ts');
      await console.out(renderHistory(state.target, versions, console));
    }
  } finally {
    await engine.close();
  }
  return EXIT_STATUS.pass;
};
