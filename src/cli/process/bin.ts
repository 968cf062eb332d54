#!/usr/bin/env node
/** What starts as `oakum`. */
import { loadBundle } from './bundles.ts'

loadBundle('cli/process')
