/**
 * YAML, loaded only when a flag asks for it. The package is CommonJS: bundled, a dynamic import of it has no names of
 * its own, and a static one has.
 */
export { parse, stringify } from 'yaml';
