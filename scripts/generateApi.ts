/** Writes docs/api.md, the reference of the library. Run by `npm run generate`. */
import { writeFileSync } from 'node:fs';
import { readApi, renderApi } from './api.ts';

writeFileSync(new URL('../docs/api.md', import.meta.url), renderApi(readApi()));
