/** Writes `shared/runtime/config.schema.json`, which editors complete and check a configuration with. Run by `npm run generate`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { configJsonSchema } from './configJsonSchema.ts';

const root = new URL('../', import.meta.url);
const example = readFileSync(new URL('shared/runtime/config.example.jsonc', root), 'utf8');
const schema = JSON.stringify(configJsonSchema(example), undefined, 2);
writeFileSync(new URL('shared/runtime/config.schema.json', root), `${schema}\n`);
