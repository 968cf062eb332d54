/**
 * The syntaxes that tie a value to a name, as a table. Each pattern runs where the name ends and
 * ends where the value begins, without its quote.
 */
import type { Syntax } from './entry.ts'
import { ANSI, QUOTE } from './value-at.ts'

/** One syntax. */
export interface Tie {
  readonly syntax: Syntax
  readonly between: RegExp
  /** `quoted`: the value needs quotes. `text`: it ends at a tag. `any`: with or without quotes. */
  readonly value: 'quoted' | 'any' | 'text'
  /** A test of the text before the name, where the tie alone says too little. */
  readonly before?: RegExp
}

const gap = String.raw`(?:[ \t]|${ANSI}){0,16}`
const close = `${QUOTE}?`
/** Calls that only wrap a literal: `Some("…")`, `Buffer.from("…")`, `[]byte("…")`. */
const wrapper = String.raw`(?:(?:new[ ])?(?:Some|String::from|String|Buffer\.from|\[\]byte|SecretStr|Secret|SecureString|str|bytes|Bytes|Optional\.of|Ok|to_string|N?S?String|unhexlify|createSecretKey|Value|Just|lit|text|sensitive)[ ]?\(){0,2}`

function at(...sources: readonly string[]): RegExp {
  return new RegExp(sources.join(''), 'y')
}

/** A type behind a name: `password: String =`, `password string =`, `char password[] =`. */
const annotation = String.raw`(?:(?::[ ]?[\w&'.<>|? ]{1,40}?|[ ][\w.*]{1,20}|\[\d{0,4}\]){1,2}[ \t]{0,4}(?==|:=))?`
const equals = String.raw`(?:\|\|=|\?\?=|\?=|\+=|=>|:=|<-|===?|=|::?|\|\||\?\?|\?:|or(?=[ ]))`
/** A line feed before the value, and YAML's marks of text in lines and its tags. */
const newLine = String.raw`(?:(?:[|>][-+]?\d?)?[ \t]{0,8}\\?\r?\n[ \t]{1,40}(?!-[ ])|!!(?:str|binary)[ ])?`

/** Every syntax, the most frequent first. */
export const ties: readonly Tie[] = [
  {
    // <password>v</password>, <Pass encoding="base64">v</Pass>
    syntax: 'markup',
    between: at('(?:\\s[^<>\\n]{0,80})?>\\s{0,40}(?:<!\\[CDATA\\[)?'),
    value: 'text',
    before: /<(?:\w{1,20}:)?$/,
  },
  {
    syntax: 'assignment',
    between: at(close, String.raw`[\])]{0,2}`, gap, annotation, gap, equals, gap, newLine, wrapper),
    value: 'any',
  },
  {
    // define('NAME', 'v'), env("NAME", default="v"), ["--token", "v"], getenv("N").unwrap_or("v")
    syntax: 'argument',
    between: at(
      QUOTE,
      String.raw`\)?[ ]{0,4}(?:,|\)?\.(?:unwrap_or|getOrElse|orElse|get)\(|[ ]\{)\s{0,24}`,
      String.raw`(?:(?:default|defaultValue|fallback|value)[ ]?[:=][ ]?)?`,
      wrapper,
    ),
    value: 'quoted',
  },
  {
    // setPassword("v"), .password(b"v")
    syntax: 'call',
    between: at(String.raw`\(\s{0,24}`, wrapper),
    value: 'quoted',
  },
  {
    // storePassword "v", PASSWORD 'v', :password "v"
    syntax: 'assignment',
    between: at('[ \\t]{1,16}'),
    value: 'quoted',
  },
  {
    // --token v, -Dpassword v, ENV NAME v, setenv NAME v, set -gx NAME v, password v in .netrc
    syntax: 'option',
    between: at('[ \\t]{1,8}(?![-=:|&<>$])'),
    value: 'any',
    before:
      /(?:^|[\s"'`([])-{1,2}[\w.-]{0,40}$|(?:^|[\n;&"'`])[ \t]{0,16}(?:ENV|ARG|setenv|SetEnv|set[ ]-\w{1,4}|env|--build-arg)[ \t]{1,4}$|(?:login|user|username)[ ]\S{1,60}\s{1,16}$/,
  },
  {
    // <string name="api_secret">v</string>
    syntax: 'markup',
    between: at(QUOTE, '[^<>=\\n]{0,40}>\\s{0,40}(?:<!\\[CDATA\\[)?(?![<\\s])'),
    value: 'text',
  },
  {
    // <key>NAME</key><string>v</string>, <name>NAME</name><value>v</value>
    syntax: 'markup',
    between: at(
      String.raw`<\/(?:key|name|string|Key|Name)>\s{0,40}<(?:string|value|Value|val)>\s{0,40}`,
    ),
    value: 'text',
  },
  {
    // <add key="NAME" value="v"/>, <property name='NAME'><value>v</value>
    syntax: 'markup',
    between: at(
      QUOTE,
      String.raw`(?:\s{1,40}[\w:-]{1,30}=["'][^"'<>\n]{0,60}["']){0,3}\s{1,40}(?:value|val|content|Value|defaultValue|DefaultValue)\s?=\s?`,
    ),
    value: 'quoted',
  },
  {
    syntax: 'markup',
    between: at(QUOTE, String.raw`\s?>\s{0,40}<(?:value|Value|string)>\s{0,40}`),
    value: 'text',
  },
  {
    // {"key": "NAME", "value": "v"} with up to two fields between; - name: NAME⏎  value: v
    syntax: 'sibling',
    between: at(
      close,
      String.raw`(?:,|\s{0,8}\r?\n|;)\s{0,60}`,
      `(?:${close}[\\w.-]{1,30}${close}\\s?[:=]>?\\s?(?:${QUOTE}[^"'\\n]{0,60}${QUOTE}|\\w{1,20})(?:[,;]\\s{0,60}|\\s{1,60})){0,2}`,
      `${close}(?:value|Value|val|content|defaultValue|default|text|stringValue)${close}\\s{0,4}(?:=>|[:=])\\s{0,8}`,
    ),
    value: 'any',
  },
  {
    // | NAME | v |, password is `v`
    syntax: 'prose',
    between: at(close, '[ \\t]{0,24}\\|[ \\t]{0,24}(?=`)'),
    value: 'quoted',
  },
  {
    syntax: 'prose',
    between: at(close, '[ \\t]{0,24}\\|[ \\t]{0,24}(?!`)'),
    value: 'any',
  },
  {
    syntax: 'prose',
    between: at(close, '[ ](?:is|are|was|to)(?:[ ]now)?[ :]{1,3}'),
    value: 'quoted',
  },
]
