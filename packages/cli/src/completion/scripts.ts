export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

// Each script asks rondo itself what can come next, with the words so far; where it knows nothing, file names are offered.
// yargs goes by $SHELL, which names the login shell: for zsh it answers with `name:description`.

const BASH = `# bash completion of rondo
_rondo_completions() {
  local current=\${COMP_WORDS[COMP_CWORD]} line
  COMPREPLY=()
  while IFS= read -r line; do
    [[ $line == "$current"* ]] && COMPREPLY+=("$line")
  done < <(SHELL=bash rondo --get-yargs-completions "\${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null)
  [[ \${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=()
}
complete -o bashdefault -o default -F _rondo_completions rondo
`;

const ZSH = `#compdef rondo
# zsh completion of rondo
_rondo_completions() {
  local -a replies
  replies=("\${(@f)$(SHELL=zsh rondo --get-yargs-completions "\${words[@]:0:$CURRENT}" 2>/dev/null)}")
  if [[ -n \${replies[1]} ]]; then
    _describe 'rondo' replies
  else
    _files
  fi
}
compdef _rondo_completions rondo
`;

const FISH = `# fish completion of rondo
function __rondo_completions
  SHELL=zsh rondo --get-yargs-completions (commandline -opc) (commandline -ct) 2>/dev/null | string replace ':' \\t
end
complete -c rondo -a '(__rondo_completions)'
`;

const SCRIPTS: Record<Shell, string> = { bash: BASH, zsh: ZSH, fish: FISH };

/** What a shell reads to complete `rondo`. */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}
