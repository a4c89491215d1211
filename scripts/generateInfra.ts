/** Writes what of the stack follows from the kinds. Run by `npm run generate`. */
import { writeFileSync } from 'node:fs';
import { infraFiles } from './infra.ts';

for (const { path, text } of infraFiles()) writeFileSync(new URL(`../${path}`, import.meta.url), text);
