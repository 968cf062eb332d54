#!/usr/bin/env node
/** Entry point of the command `oakum`: `dist/cli/bin.cjs`. */
import { loadBundle } from './bundles.ts'

loadBundle('cli/process')
