import { expect, test } from 'vitest'
import { hostNotes, hostOf } from '../../../src/report/next-steps/hosts.ts'

test.each([
  ['https://github.com/acme/shop.git', 'github'],
  ['git@github.com:acme/shop.git', 'github'],
  ['ssh://git@github.acme.example:2222/acme/shop', 'github'],
  ['https://gitlab.com/acme/shop', 'gitlab'],
  ['git@bitbucket.org:acme/shop.git', 'bitbucket'],
  ['https://acme@dev.azure.com/acme/shop/_git/shop', 'azure'],
  ['https://acme.visualstudio.com/shop', 'azure'],
  ['https://example.com/github.com/shop.git', 'other'],
  ['https://notgithub.com/acme/shop', 'other'],
  ['/srv/git/github.com', 'other'],
  ['', 'other'],
] as const)('the host of %s is %s', (address, host) => {
  expect(hostOf(address)).toBe(host)
  expect(hostNotes(host).length).toBeGreaterThan(2)
})
