/** `npm run deploy`: packages the guard once and deploys it into every Region, the hub first. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type DeployPlan, deployPlan, USAGE } from './deployPlan.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

function read(): DeployPlan | undefined {
  try {
    return deployPlan(process.argv.slice(2));
  } catch (error) {
    console.error(`deploy: ${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exitCode = 2;
    return undefined;
  }
}

const plan = read();
for (const command of plan?.commands ?? []) {
  console.log(`node ${command.join(' ')}`);
  if (plan?.dryRun) continue;
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    console.error(
      'deploy: the command above failed; what was deployed before it stays, and all can be run again',
    );
    process.exitCode = status ?? 1;
    break;
  }
}
