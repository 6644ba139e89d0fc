/** Which fields of a form go without asking, by what was answered in it so far. Pure. */

import type { Field } from './schema'

/**
 * Shares are asked for where ownership is shared: of buyers who will hold by shares (ZS-30, H-01), and of owners where the
 * title has several (SZ-57). Whoever owns alone has nothing to divide.
 */
export function asked(form: Field, value: Record<string, unknown>): Field {
  const owners = value.owners
  const without = (field: Field, name: string): Field =>
    field.item ? { ...field, item: { ...field.item, fields: field.item.fields.filter((each) => each.name !== name) } } : field
  const needed = (field: Field, name: string): Field =>
    field.item
      ? { ...field, item: { ...field.item, fields: field.item.fields.map((each) => (each.name === name ? { ...each, required: true } : each)) } }
      : field
  const fields = form.fields.map((field) => {
    if (field.name === 'buyers' && 'co_ownership' in value) {
      return value.co_ownership === 'by_share' ? needed(field, 'share') : without(field, 'share')
    }
    if (field.name === 'owners' && Array.isArray(owners) && owners.length < 2) return without(field, 'transferred_share')
    return field
  })
  return { ...form, fields }
}
