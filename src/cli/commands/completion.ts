/** `oakum completion`: prints the completion script of a shell. */
import { UsageError } from '../../model/errors.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { exitCodes } from '../support/exit-code.ts'
import type { Io } from '../process/io.ts'
import { suggestion } from '../../model/suggestion.ts'
import { shells } from '../arguments/choices.ts'

/**
 * Each script runs `oakum --get-completions WORD…` to get words, and completes file names where
 * that prints none.
 */
const scripts: Readonly<Record<(typeof shells)[number], string>> = {
  bash: `# bash completion for oakum. Put this in ~/.bashrc:  source <(oakum completion bash)
_oakum() {
  local IFS=$'\\n'
  local current="\${COMP_WORDS[COMP_CWORD]}"
  [ "$current" = "=" ] && current=""
  COMPREPLY=($(compgen -W "$(oakum --get-completions "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "$current"))
}
complete -o default -F _oakum oakum
`,
  zsh: `#compdef oakum
# zsh completion for oakum. Put this in ~/.zshrc, after compinit:  source <(oakum completion zsh)
_oakum() {
  local -a found
  found=("\${(@f)$(oakum --get-completions "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "$found[1]" ]]; then compadd -a found; else _files; fi
}
if [[ "\${zsh_eval_context[-1]}" == "loadautofunc" ]]; then _oakum "$@"; else compdef _oakum oakum; fi
`,
  fish: `# fish completion for oakum. Put this in ~/.config/fish/config.fish:  oakum completion fish | source
complete -c oakum -a '(oakum --get-completions (commandline -opc)[2..-1] (commandline -ct | string collect --allow-empty) 2>/dev/null)'
`,
}

/** Prints the script for the named shell, or for the one in `SHELL`. */
export async function runCompletion({ positionals }: Invocation, io: Io): Promise<number> {
  const [named] = positionals
  const name = named ?? /[^/]*$/.exec(io.env['SHELL'] ?? '')?.[0] ?? ''
  const shell = shells.find((supported) => supported === name)
  if (shell === undefined) {
    if (named === undefined) throw new UsageError('completion needs a shell: bash, zsh or fish')
    const hint = suggestion(name, shells) || '; supported are bash, zsh and fish'
    throw new UsageError(`no completion for ${name}${hint}`)
  }
  io.stdout.write(scripts[shell])
  return exitCodes.clean
}
