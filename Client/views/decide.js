// @ts-check
// Deciding about a request for approval: the same question wherever one decides from.

import { toast } from '../kit/ui.js'
import { call, records } from '../data/api.js'
import { showNumber } from '../data/format.js'
import { plain } from '../fields/show.js'
import { t } from '../lang/words.js'
import { askAction } from './ask.js'

const model = 'approval.request'
const fields = ['name', 'amount', 'category_id', 'action_title', 'request_owner_id', 'reason', 'seen_hash']

/**
 * What is decided about, in a line.
 * @param {any} values
 */
export const summary = (values) => [values.name, values.amount > 0 && showNumber(values.amount, 2)].filter(Boolean).join(' · ')

/**
 * Asks what the decision wants to know, then decides about what was seen.
 * @param {string} name `action_approve`, `action_refuse` or `action_ask`
 * @param {{ data: any, view: any, row: any, subject?: string }} seen the record with its actions, its views, the row with `seen_hash`, and what is said of it
 * @param {() => void} [begins] called once the answers are there
 * @returns {Promise<boolean>} whether it was done; false for whoever stepped back
 */
export async function decide(name, { data, view, row, subject }, begins) {
  const action = data?.actions.find((/** @type {any} */ each) => each.name === name)
  if (!action) return false
  const facts = view?.actions[name] ?? { asks: [], consequence: '', weight: 'plain' }
  const answers = await askAction(t(action.title), facts, { model, id: data.id, subject: subject ?? summary(row ?? data.values) })
  if (!answers) return false
  begins?.()
  await records.act(model, data.id, name, { ...answers, ...(row?.seen_hash && { seen: row.seen_hash }) }, data.values.record_version)
  toast(t('“{action}” is done.', { action: t(action.title) }))
  return true
}

/**
 * Decides about a request of which only the name is on the screen: what is asked shows what it is about.
 * @param {string} name
 * @param {number} id
 * @returns {Promise<boolean | null>} null where it cannot be decided about any more
 */
export async function decideAt(name, id) {
  const [data, found] = await Promise.all([
    records.read(model, id), call('search', { model, domain: [['id', '=', id]], fields, limit: 1, describe: true }),
  ])
  if (!data.actions.some((/** @type {any} */ each) => each.name === name)) return null
  const row = found.rows[0]
  const subject = row && [summary(row), row.category_id?.display_name || row.action_title, row.request_owner_id?.display_name, row.reason && plain(row.reason)].filter(Boolean).join(' · ')
  return decide(name, { data, view: found.view, row, subject })
}
