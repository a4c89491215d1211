/** `npm run rehearse`: the first day of the guard on this machine, scene by scene, after `npm run package`. */
import { rehearse } from './rehearsal.ts';

const from = performance.now();
try {
  const scenes = await rehearse(({ name, saw, ms }) => {
    const lines = saw.split('\n').map((line) => `     ${line}`);
    console.log([`ok   ${name} (${(ms / 1_000).toFixed(1)} s)`, ...lines].join('\n'));
  });
  console.log(
    `\n${scenes.length} scenes in ${((performance.now() - from) / 1_000).toFixed(0)} s; nothing is left running`,
  );
} catch (error) {
  console.log(`\nfailed  ${error instanceof Error ? error.message : error}`);
  console.error(error);
  process.exitCode = 1;
}
