/** What starts as a thread that sifts. */
import { loadPiece } from './pieces.ts'

loadPiece('scan/sift-worker')
