/** What AWS's clients say of the shapes of operations, so that only those of the operations that are sent are packed. */
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * The shapes are constants whose members are named by other constants (`{ [_hC]: "-" }`). A bundler keeps all of them,
 * since to work out a name might do something. With the names written out nothing stands against leaving out the rest.
 */
export const leanSchemas: Plugin = {
  name: 'lean-schemas',
  setup({ onLoad }) {
    onLoad({ filter: /@aws-sdk\/client-[^/]+\/dist-es\/schemas\/schemas_\d+\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const names = new Map(
        [...text.matchAll(/^const (_\w+) = ("[^"\\]*");$/gm)].map(([, name = '', value = '']) => [
          name,
          value,
        ]),
      );
      return {
        contents: text.replace(/\[(_\w+)\]:/g, (member, name: string) => {
          const value = names.get(name);
          return value === undefined ? member : `${value}:`;
        }),
      };
    });
  },
};
