import { expect, test } from 'vitest'
import { envFamilyOf } from '../../../src/scan/env-files/family.ts'

test.each([
  '.env', '.ENV', '.env.local', '.env.production', '.env.production.local', '.env.development', '.env.test', '.env.ci', '.env.keys', '.env.vault', '.env.bak', '.env.old', '.env~', '.env-prod', '.env_prod',
  '.env.json', '.env.yml', '.env.anything', '.envrc', '.envrc.private', '.flaskenv', 'prod.env', 'docker.env', '.prod.env', 'prod.env.bak', 'prod.env.local', 'a.b.env', 'env.local', 'env.production', '.env.example.local',
  '.env copy',
])('%s holds values', (name) => {
  expect(envFamilyOf(name)).toBe('env')
})

test.each([
  '.env.example', '.env.sample', '.env.template', '.env.tmpl', '.env.tpl', '.env.dist', '.env.defaults', '.env.default', '.env.schema', '.env-example', '.env_sample', '.ENV.Example', '.env.local.example', '.env.example.txt',
  '.envrc.example', '.flaskenv.example', 'example.env', 'sample.env', 'prod.env.example', 'prod.example.env', 'env.example', 'env.sample', 'env-example',
])('%s is a template', (name) => {
  expect(envFamilyOf(name)).toBe('template')
})

test.each([
  '', 'env', 'environment.ts', '.environment', 'foo.env.js', '.env.ts', '.env.d.ts', 'env.d.ts', 'env.ts', '.env.mjs', '.env.tsx', 'env.py', 'env.yml', 'dotenv', '.envs', '.envelope', 'my-env', 'prod.env.go', '.env.md', 'foo.environment',
  'README.md', 'env.config', '.git', 'src',
])('%s is neither', (name) => {
  expect(envFamilyOf(name)).toBeUndefined()
})
