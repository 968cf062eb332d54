import { UsageError } from '../../model/errors.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { exitCodes } from '../support/exit-code.ts'
import type { Io } from '../process/io.ts'
import { suggestion } from '../../model/suggestion.ts'
import { shells } from '../arguments/options.ts'

/**
 * Each asks `oakum --get-completions WORD…` for words, and completes file names where there are
 * none.
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

/** Prints the script for the named shell, or for the one `SHELL` names. */
export async function runCompletion({ positionals: words }: Invocation, io: Io): Promise<number> {
  const name = words[0] ?? /[^/]*$/.exec(io.env['SHELL'] ?? '')?.[0] ?? ''
  const shell = shells.find((known) => known === name)
  if (shell === undefined) {
    const problem =
      words[0] === undefined
        ? 'which shell? Say oakum completion bash, zsh or fish'
        : `no completion for ${name}${suggestion(name, shells) || '; there is bash, zsh and fish'}`
    throw new UsageError(problem)
  }
  io.stdout.write(scripts[shell])
  return exitCodes.clean
}
