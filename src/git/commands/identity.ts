import { gitEnvironment } from './environment.ts'
import { ask } from './repository.ts'

/**
 * The user as git knows them, `Name <mail>`: of the repository around `cwd`, else their own.
 * Undefined without a name.
 */
export async function readIdentity(
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const place = {
    cwd,
    env: gitEnvironment(env, { configuration: 'own', ambientPlace: true, safeDirectories: [] }),
  }
  const read = async (key: string): Promise<string> =>
    (await ask(place, ['config', '--get', key]).catch(() => '')).trim()
  const [name, mail] = [await read('user.name'), await read('user.email')]
  if (name === '') return undefined
  return mail === '' ? name : `${name} <${mail}>`
}
