/**
 * What `git filter-repo` runs for each commit and tag: Python, which its author promises for such
 * purposes. The same for every run; what is to change comes in a file, so that no argument and no
 * variable holds a secret.
 */

/** The variable that names the file: JSON of `FilterData`. */
export const FILTER_DATA_VARIABLE = 'OAKUM_FILTER_DATA'

/** What goes and what comes in its place. */
export type ReplacementPairs = readonly (readonly [string, string])[]

/** Objects by their names; texts and names as pairs of hexadecimal bytes. */
export interface FilterData {
  /** Old blob → new blob, or null where the file goes. */
  readonly blobs: Readonly<Record<string, string | null>>
  /** Of a commit or tag: what goes from its message, names and addresses, and what comes. */
  readonly texts: Readonly<Record<string, ReplacementPairs>>
  readonly names: ReplacementPairs
  /** Files, or folders with all that is in them. */
  readonly paths: readonly string[]
}

/** Read once, at the first commit. */
const load = `
import json, os
def oakum_load():
  with open(os.environ['${FILTER_DATA_VARIABLE}'], 'rb') as file:
    data = json.load(file)
  pairs = lambda rows: [(bytes.fromhex(a), bytes.fromhex(b)) for a, b in rows]
  blobs = {a.encode(): b and b.encode() for a, b in data['blobs'].items()}
  paths = [bytes.fromhex(path) for path in data['paths']]
  texts = {a.encode(): pairs(rows) for a, rows in data['texts'].items()}
  return blobs, texts, pairs(data['names']), set(paths), tuple(path + b'/' for path in paths)
def oakum_without(text, pairs):
  for old, new in pairs:
    if text is not None: text = text.replace(old, new)
  return text
if '_oakum' not in globals():
  globals()['_oakum'] = oakum_load()
blobs, texts, names, files, folders = globals()['_oakum']
`

/**
 * A file that goes is deleted, not left out: left out, it would stay as the version before had it.
 */
export const commitCallback = `${load}
for change in commit.file_changes:
  if change.type == b'M':
    new = change.blob_id if change.mode == b'160000' else blobs.get(change.blob_id, change.blob_id)
    if new is None or change.filename in files or change.filename.startswith(folders):
      change.type, change.mode, change.blob_id = b'D', None, None
    else:
      change.blob_id = new
  if names and change.filename is not None:
    change.filename = oakum_without(change.filename, names)
pairs = texts.get(commit.original_id)
if pairs:
  commit.message = oakum_without(commit.message, pairs)
  commit.author_name = oakum_without(commit.author_name, pairs)
  commit.author_email = oakum_without(commit.author_email, pairs)
  commit.committer_name = oakum_without(commit.committer_name, pairs)
  commit.committer_email = oakum_without(commit.committer_email, pairs)
`

export const tagCallback = `${load}
pairs = texts.get(tag.original_id)
if pairs:
  tag.message = oakum_without(tag.message, pairs)
  tag.tagger_name = oakum_without(tag.tagger_name, pairs)
  tag.tagger_email = oakum_without(tag.tagger_email, pairs)
`
