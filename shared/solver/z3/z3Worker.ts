/** The thread Z3 lives in: a script in, what it prints out. Whatever Z3 leaves behind ends with the thread. */
import { parentPort } from 'node:worker_threads';
import { init } from 'z3-solver';

// What it prints of its own end would stand among what the command prints.
const { Z3 } = await init({ printErr: () => {} });

parentPort?.on('message', async (script: string) => {
  const config = Z3.mk_config();
  const context = Z3.mk_context(config);
  Z3.del_config(config);
  const output = await Z3.eval_smtlib2_string(context, script);
  Z3.del_context(context);
  parentPort?.postMessage(output);
});
