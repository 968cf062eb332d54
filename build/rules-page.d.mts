import type { Rule } from '../src/model/rule.ts'

export function rulesPage(rules: readonly Rule[]): string
