/**
 * Completion scripts of shells, from the table of commands. They complete commands, then flags, then a flag's choices;
 * files otherwise. Sources: Bash Reference Manual, "Programmable Completion"; zsh manual, "compdef"; fish, "complete".
 */

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

type Flag = {
  /** `--output` */
  readonly long: string;
  readonly description: string;
  /** Values that it takes, where they are a fixed list. */
  readonly choices: readonly string[];
  readonly takesValue: boolean;
};

/** A command that can be typed. */
export type Word = {
  /** `config check`; empty for the program itself. */
  readonly path: string;
  readonly summary: string;
  /** Names of the commands below it. */
  readonly commands: readonly string[];
  readonly flags: readonly Flag[];
  /** What its first argument may be, where that is a fixed list. */
  readonly choices: readonly string[];
};

/** Returns the script. */
export function renderCompletion(shell: Shell, words: readonly Word[]): string {
  return SCRIPTS[shell](words);
}

const SCRIPTS: { readonly [shell in Shell]: (words: readonly Word[]) => string } = {
  bash: renderBash,
  // zsh runs what was written for bash.
  zsh: (words) => `autoload -U +X bashcompinit && bashcompinit\n${renderBash(words)}`,
  fish: renderFish,
};

function renderBash(words: readonly Word[]): string {
  const paths = words.filter(({ path }) => path !== '').map(({ path }) => path);
  const cases = words.map(
    ({ path, commands, flags, choices }) =>
      `    '${path}') words='${[...commands, ...choices, ...flags.map(({ long }) => long)].join(' ')}' ;;`,
  );
  const values = words.flatMap(({ path, flags }) =>
    flags
      .filter(({ takesValue }) => takesValue)
      .map(({ long, choices }) => `    '${path} ${long}') words='${choices.join(' ')}'; value=1 ;;`),
  );
  return `# Completes ratchet: source <(ratchet completion bash)
_ratchet() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" path='' word words='' value=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
      ${paths.map((path) => `'${path}'`).join('|')}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path $before" in
${values.join('\n')}
  esac
  if [ -z "$value" ]; then
    case "$path" in
${cases.map((line) => `  ${line}`).join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  # Where nothing of the table fits, a file may be meant.
  if [ \${#COMPREPLY[@]} -eq 0 ]; then COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _ratchet ratchet
`;
}

function renderFish(words: readonly Word[]): string {
  const lines = words.flatMap(({ path, commands, flags, choices }) => {
    const names = path.split(' ').filter((name) => name !== '');
    const seen = names.map((name) => `__fish_seen_subcommand_from ${name}`).join('; and ');
    // The program's own words are offered as long as no command was named.
    const condition = seen === '' ? '__fish_use_subcommand' : seen;
    const summaryOf = (name: string) =>
      words.find((word) => word.path === [...names, name].join(' '))?.summary ?? '';
    return [
      ...commands.map((name) => ['-f', '-a', name, '-d', quote(summaryOf(name))]),
      ...choices.map((choice) => ['-f', '-a', choice]),
      ...flags.map(({ long, description, choices: values, takesValue }) => [
        '-l',
        long.slice(2),
        ...(takesValue ? ['-r'] : []),
        ...(values.length > 0 ? ['-f', '-a', quote(values.join(' '))] : []),
        '-d',
        quote(description),
      ]),
    ].map((parts) => `complete -c ratchet -n '${condition}' ${parts.join(' ')}`);
  });
  return `# Completes ratchet: ratchet completion fish > ~/.config/fish/completions/ratchet.fish\n${lines.join('\n')}\n`;
}

function quote(text: string): string {
  return `'${text.replace(/['\\\\]/g, '\\\\$&')}'`;
}
