/** `npm run deploy`: packages the guard once and deploys it into every Region, the hub first. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { clientsOf } from '../cli/doctor/clients.ts';
import { examineDeployment } from '../cli/doctor/examine.ts';
import { renderReports } from '../cli/doctor.ts';
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

/** Returns true iff nothing that was looked at keeps the guard from being deployed; says what was seen. */
async function isReady({ regions, stack, wanted }: DeployPlan): Promise<boolean> {
  const reports = await examineDeployment({ stack, regions, now: new Date(), before: wanted }, clientsOf);
  console.log(renderReports(reports, { width: process.stdout.columns || 80, paint: (_, text) => text }));
  // A stack can be deployed before its trail is; what cannot be told may be right.
  const isInTheWay = reports.some(({ check, state }) => state === 'missing' && !WITHOUT.has(check));
  const isSignedOut = reports.some(({ check, state }) => check === 'credentials' && state !== 'ok');
  return !isInTheWay && !isSignedOut;
}

const WITHOUT = new Set(['trail', 'events left out', 'hub']);

const asksForHelp = process.argv.slice(2).some((word) => word === '--help' || word === '-h');
if (asksForHelp) console.log(USAGE);
const plan = asksForHelp ? undefined : read();
if (plan?.checks && !plan.dryRun && !(await isReady(plan))) {
  console.error(
    'deploy: nothing was deployed; fix what is missing above, or add --no-checks to deploy anyway',
  );
  process.exit(1);
}
for (const command of plan?.commands ?? []) {
  console.log(`node ${command.join(' ')}`);
  if (plan?.dryRun) continue;
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    console.error(
      'deploy: the command above failed; what was deployed before it stays, and it is safe to run this again',
    );
    process.exitCode = status ?? 1;
    break;
  }
}
