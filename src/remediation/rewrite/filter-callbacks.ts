/**
 * Python callbacks that `git filter-repo` runs for each commit and tag; callbacks are its stable
 * interface. Their text is the same in every run: the edits come in a file, so that no argument and
 * no environment variable contains a secret.
 */

/** Environment variable with the path of the file that holds `FilterData` as JSON. */
export const FILTER_DATA_VARIABLE = 'OAKUM_FILTER_DATA'

/** Pairs of old and new bytes, in hexadecimal. */
export type ReplacementPairs = readonly (readonly [string, string])[]

/** Edits for the callbacks, by object id. */
export interface FilterData {
  /** Old blob → new blob, or null where the file is deleted. */
  readonly blobs: Readonly<Record<string, string | null>>
  /** Commit or tag → replacements in its message, names and addresses. */
  readonly texts: Readonly<Record<string, ReplacementPairs>>
  /** Replacements in file names. */
  readonly names: ReplacementPairs
  /** Files, and folders with all their files, to delete; in hexadecimal. */
  readonly paths: readonly string[]
}

/** Python that reads the file, once per process, and defines the functions of the callbacks. */
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
 * Callback for commits. It turns a change of a removed file into a deletion; dropping the change
 * would leave the previous version in place.
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

/** Callback for annotated tags. */
export const tagCallback = `${load}
pairs = texts.get(tag.original_id)
if pairs:
  tag.message = oakum_without(tag.message, pairs)
  tag.tagger_name = oakum_without(tag.tagger_name, pairs)
  tag.tagger_email = oakum_without(tag.tagger_email, pairs)
`
