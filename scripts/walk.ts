/**
 * The walk: blocks of ```console in a page, each command after `$ ` (lines that go on after `> `) with what it says
 * below. Played in one folder, from the first block to the last, as a person would type them.
 */
import { execFile } from 'node:child_process';

/** One command and what stands below it. */
export type Step = { readonly command: string; readonly output: string };

const BLOCK = /^```console\n([\s\S]*?)^```$/gm;

/** Returns the commands of a page, in order. Lines before a block's first command are not taken. */
export function stepsOf(markdown: string): Step[] {
  return [...markdown.matchAll(BLOCK)].flatMap(([, text = '']) => toSteps(text));
}

/** Returns the page with what each command says now, standard output and errors as a terminal shows them. */
export async function play(
  markdown: string,
  { folder, path }: { readonly folder: string; readonly path: string },
): Promise<string> {
  let played = '';
  let last = 0;
  for (const match of markdown.matchAll(BLOCK)) {
    const [, text = ''] = match;
    const said: string[] = [];
    for (const { command } of toSteps(text)) {
      const shown = command.split('\n').map((line, index) => `${index === 0 ? '$' : '>'} ${line}`.trimEnd());
      said.push(`${shown.join('\n')}\n${await run(command, { folder, path })}`);
    }
    played += `${markdown.slice(last, match.index)}\`\`\`console\n${said.join('')}\`\`\``;
    last = match.index + match[0].length;
  }
  return played + markdown.slice(last);
}

function toSteps(text: string): Step[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((step) => {
      const lines = step.split('\n');
      const end = lines.findIndex((line, index) => index > 0 && !/^>( |$)/.test(line));
      const [first = '', ...more] = lines.slice(0, end < 0 ? lines.length : end);
      return {
        command: [first, ...more.map((line) => line.slice(2))].join('\n'),
        output: lines.slice(end < 0 ? lines.length : end).join('\n'),
      };
    });
}

/** The status is shown only by a command that asks for it. */
function run(
  command: string,
  { folder, path }: { readonly folder: string; readonly path: string },
): Promise<string> {
  return new Promise((resolve) => {
    const env = {
      ...process.env,
      // What plays the walk may force colour.
      FORCE_COLOR: undefined,
      PATH: `${path}:${process.env['PATH'] ?? ''}`,
      NO_COLOR: '1',
      LC_ALL: 'C.UTF-8',
    };
    const child = execFile(
      'bash',
      ['-c', `{ ${command}\n} 2>&1`],
      { cwd: folder, env, maxBuffer: 2 ** 24 },
      (_, stdout) => resolve(stdout),
    );
    child.stdin?.end();
  });
}
