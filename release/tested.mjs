/** The last step of `npm test`: records which compiled program passed. `npm run pack` asks for it. */
import { writeFileSync } from 'node:fs'
import { programDigest, testedFile } from './project.mjs'

writeFileSync(testedFile, `${programDigest()}\n`)
