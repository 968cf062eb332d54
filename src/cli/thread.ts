/** What starts as a thread that sifts. */
import { loadPiece } from './pieces.ts'

loadPiece('sift-worker')
