/**
 * Makes of the services' folders what the rest needs of all of them: the names of kinds, the clients, the definitions, the
 * events, and the recorded calls. Run by `npm run generate`; a service is found by its `kinds.ts` or its `events.ts`.
 */
import { writeFileSync } from 'node:fs';
import { registryFiles } from './registry.ts';

for (const { path, text } of await registryFiles())
  writeFileSync(new URL(`../${path}`, import.meta.url), text);
