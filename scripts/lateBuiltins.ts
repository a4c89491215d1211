/** Node's own modules, taken as they are. */
import type { Plugin } from 'esbuild';

/**
 * An import statement makes Node read every export of a module of its own, and some are made only when they are read
 * (`process.stdin`, `crypto.webcrypto`). `process.getBuiltinModule` hands out the module itself.
 * HTTP/2 is loaded when a client first uses it: all but one never do.
 */
export const lateBuiltins: Plugin = {
  name: 'late-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'builtin' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: path === 'node:http2' ? HTTP2 : contentsOf(path),
    }));
  },
};

function contentsOf(path: string): string {
  const names = Object.keys(process.getBuiltinModule(path) ?? {}).filter((name) =>
    /^[A-Za-z]\w*$/.test(name),
  );
  return [
    `const builtin = process.getBuiltinModule('${path}');`,
    'const one = (name) => builtin[name];',
    'export default builtin;',
    ...names
      .filter((name) => name !== 'default')
      .map((name) => `const _${name} = /* @__PURE__ */ one('${name}'); export { _${name} as ${name} };`),
  ].join('\n');
}

const HTTP2 = `
const http2 = () => process.getBuiltinModule('node:http2');
const constants = new Proxy({}, { get: (_, name) => http2().constants[name] });
export default { constants, connect: (...given) => http2().connect(...given) };`;
