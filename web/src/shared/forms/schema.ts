/**
 * Forms from JSON Schema: what the city's document says of an act's input, and `contract.schema.json` of the clauses,
 * as fields that one component draws (`SchemaField.vue`). Pure.
 */

export interface JsonSchema {
  type?: string | string[]
  title?: string
  description?: string
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  enum?: unknown[]
  const?: unknown
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  $ref?: string
  $defs?: Record<string, JsonSchema>
  default?: unknown
  format?: string
  pattern?: string
  minimum?: number
  maximum?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  additionalProperties?: boolean | JsonSchema
}

export type Kind =
  | 'text'
  | 'long'
  | 'amount'
  | 'share'
  | 'phone'
  | 'id'
  | 'number'
  | 'date'
  | 'moment'
  | 'choice'
  | 'boolean'
  | 'object'
  | 'list'
  | 'unknown'

export interface Field {
  /** Name of the property; of an item of a list, the list's. */
  name: string
  kind: Kind
  required: boolean
  /** May be said later; the contract's text cannot be made without it. */
  later: boolean
  /** Title in the schema: Chinese in the contract's, a turned-around name in an act's. */
  title: string | null
  /** Sentence in the schema. */
  description: string | null
  options: string[]
  fields: Field[]
  item: Field | null
  pattern: string | null
  max: number | null
  min: number | null
  maxLength: number | null
  minItems: number
  maxItems: number
  initial: unknown
}

/** Of people from elsewhere, organisations, and whoever cannot act alone. */
export const RARE = new Set(['nationality', 'birth_date', 'sex', 'head_name', 'limited_capacity', 'usable_online', 'region', 'kind', 'transferred_share'])

/** What a number of the mainland tells by itself, or what goes without saying of whoever has one. */
export const ID_WORDS = new Set(['region', 'nationality', 'birth_date', 'sex'])
const OF_ELSEWHERE = new Set(['hm_permit', 'tw_permit', 'passport', 'hmt_residence', 'foreign_pr', 'hm_id_card'])

/** Whether an identity is shown by a document of somebody from elsewhere. */
export function isFromElsewhere(identity: unknown): boolean {
  return OF_ELSEWHERE.has(String((identity as { id_type?: unknown } | null | undefined)?.id_type ?? ''))
}

/** The contract names an address for service of each party, who may not have said it yet. */
const LATER = new Set(['contact.address'])

const LONG_FROM = 400

export function fieldOf(name: string, schema: JsonSchema, root: JsonSchema, required = true): Field {
  const read = resolved(schema, root)
  const field: Field = {
    name,
    kind: 'unknown',
    required,
    later: false,
    title: schema.title ?? read.title ?? null,
    description: schema.description ?? read.description ?? null,
    options: [],
    fields: [],
    item: null,
    pattern: read.pattern ?? null,
    max: read.maximum ?? null,
    min: read.minimum ?? null,
    maxLength: read.maxLength ?? null,
    minItems: read.minItems ?? 0,
    maxItems: read.maxItems ?? 20,
    initial: schema.default ?? read.default,
  }
  if (read.enum) return { ...field, kind: 'choice', options: read.enum.map(String) }
  if (read.type === 'object' && read.properties) {
    const must = new Set(read.required ?? [])
    const fields = Object.entries(read.properties).map(([key, each]) => ({
      ...fieldOf(key, each, root, must.has(key)),
      later: !must.has(key) && LATER.has(`${name}.${key}`),
    }))
    return { ...field, kind: 'object', fields }
  }
  if (read.type === 'array' && read.items) {
    return { ...field, kind: 'list', item: fieldOf(name, read.items, root) }
  }
  return { ...field, kind: plainKind(name, read) }
}

function plainKind(name: string, read: JsonSchema): Kind {
  if (read.type === 'boolean') return 'boolean'
  if (read.type === 'integer' || read.type === 'number') return 'number'
  if (read.format === 'date') return 'date'
  if (read.format === 'date-time') return 'moment'
  if (read.type !== 'string') return 'unknown'
  if (/\\\.\[0-9\]\{2\}/.test(read.pattern ?? '')) return 'amount'
  if (name === 'share' || name === 'transferred_share') return 'share'
  if (name === 'phone') return 'phone'
  if (name === 'id_number' || name.endsWith('_id_number')) return 'id'
  const isLong = (read.maxLength ?? 0) >= LONG_FROM && (read.maxLength ?? 0) < 20_000
  return isLong || name === 'reason' || name === 'reasons' || name === 'content' ? 'long' : 'text'
}

/** `$ref` followed, `null` left out of `anyOf`. */
function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  if (schema.$ref) {
    const found = root.$defs?.[schema.$ref.split('/').at(-1) ?? '']
    return found ? resolved(found, root) : {}
  }
  const choices = (schema.anyOf ?? schema.oneOf ?? []).filter((each) => each.type !== 'null')
  return choices[0] ? resolved(choices[0], root) : schema
}

/** What a form begins with. Optional parts begin closed. */
export function initialOf(field: Field): unknown {
  if (field.initial !== undefined && field.initial !== null) return structuredClone(field.initial)
  if (field.kind === 'object') {
    const needed = field.fields.filter((each) => each.required || each.kind !== 'object')
    return Object.fromEntries(needed.map((each) => [each.name, each.required || !isPart(each) ? initialOf(each) : undefined]))
  }
  if (field.kind === 'list') {
    const count = field.required ? Math.max(field.minItems, 1) : field.minItems
    return Array.from({ length: count }, () => (field.item ? initialOf(field.item) : ''))
  }
  if (field.kind === 'boolean') return field.required ? false : null
  return field.kind === 'choice' && field.required && field.options.length === 1 ? field.options[0] : ''
}

export function isPart(field: Field): boolean {
  return field.kind === 'object' || field.kind === 'list'
}

/** What is sent: nothing empty, numbers as numbers. `undefined` where nothing was entered. */
export function cleaned(field: Field, value: unknown): unknown {
  if (value === undefined || value === null || value === '') return undefined
  if (field.kind === 'object') {
    const held = value as Record<string, unknown>
    const kept = field.fields
      .map((each) => [each.name, cleaned(each, held[each.name])] as const)
      .filter(([, each]) => each !== undefined)
    return kept.length || field.required ? Object.fromEntries(kept) : undefined
  }
  if (field.kind === 'list') {
    const item = field.item
    const kept = (value as unknown[]).map((each) => (item ? cleaned(item, each) : each)).filter((each) => each !== undefined)
    return kept.length || field.required ? kept : undefined
  }
  if (field.kind === 'number') return Number(value)
  return typeof value === 'string' ? value.trim() : value
}

/** Whether anything at all was entered below. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true
  if (Array.isArray(value)) return value.every(isEmpty)
  return typeof value === 'object' && Object.values(value).every(isEmpty)
}

/** The words of the contract's choices: `on_date 于约定日期前交付；…`. */
export function choiceWords(field: Field): Record<string, string> {
  const words: Record<string, string> = {}
  for (const part of (field.description ?? '').split('；')) {
    const read = /^([a-z_]+) (.+)$/.exec(part.trim())
    if (read?.[1] && read[2]) words[read[1]] = read[2]
  }
  return words
}

/** `floor_area` → Floor area. */
export function humanised(name: string): string {
  const words = name.replace(/_/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
