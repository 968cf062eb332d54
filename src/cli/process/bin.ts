#!/usr/bin/env node
/** What starts as `oakum`. */
import { loadPiece } from './pieces.ts'

loadPiece('cli/process')
