// @ts-check
// What was arranged on top of an app's views: everybody's, a team's and one's own small changes, one list of them for each.

import { records } from './api.js'

/**
 * @typedef {{ op: 'hide' | 'show' | 'move' | 'width' | 'density', view?: 'list' | 'form', field?: string, after?: string | null, pixels?: number, is?: string }} Operation
 * @typedef {{ level: 'tenant' | 'team' | 'person', owner: string, operations: Operation[] }} Layer
 * @typedef {{ level: 'tenant' | 'team' | 'person', team: number | null, owner: string }} Mine
 */
export const levels = ['tenant', 'team', 'person']

/**
 * Columns with changes made to them, as the server makes them.
 * @param {string[]} columns
 * @param {Operation[]} operations
 */
export function arranged(columns, operations) {
  let list = [...columns]
  const put = (/** @type {string} */ field, /** @type {string | null | undefined} */ after, /** @type {number} */ first) => {
    const at = after ? list.indexOf(after) + 1 || list.length : first
    list = [...list.slice(0, at), field, ...list.slice(at)]
  }
  for (const { op, view, field = '', after } of operations) {
    if (op === 'hide' && (view ?? 'list') === 'list') list = list.filter((name) => name !== field)
    else if (op === 'show' && !list.includes(field)) put(field, after, list.length)
    else if (op === 'move' && list.includes(field) && after !== field) {
      list = list.filter((name) => name !== field)
      put(field, after, 0)
    }
  }
  return list
}

/**
 * The fewest plain changes that make one list of columns another.
 * @param {string[]} from
 * @param {string[]} to
 * @returns {Operation[]}
 */
export function difference(from, to) {
  /** @type {Operation[]} */
  const operations = from.filter((name) => !to.includes(name)).map((field) => ({ op: 'hide', view: 'list', field }))
  let now = arranged(from, operations)
  to.forEach((field, i) => {
    if (now[i] === field) return
    /** @type {Operation} */
    const step = { op: now.includes(field) ? 'move' : 'show', field, after: to[i - 1] ?? null }
    if (step.op === 'show' && i === 0) {
      // What is shown anew goes to the end first: only a move leads to the beginning.
      operations.push({ op: 'show', field, after: null })
      now = arranged(now, [{ op: 'show', field, after: null }])
      step.op = 'move'
    }
    operations.push(step)
    now = arranged(now, [step])
  })
  return operations
}

/**
 * The changes of one layer of a view.
 * @param {any} view
 * @param {Mine} whose
 * @returns {Operation[]}
 */
export const operationsOf = (view, whose) =>
  (view.layers?.layers ?? []).find((/** @type {Layer} */ layer) => layer.level === whose.level && (whose.level !== 'team' || layer.owner === whose.owner))?.operations ?? []

/**
 * The columns below a layer: what the app declares, with everything that comes before it.
 * @param {any} view
 * @param {Mine} whose
 */
export function below(view, whose) {
  const before = (view.layers?.layers ?? []).filter((/** @type {Layer} */ layer) => levels.indexOf(layer.level) < levels.indexOf(whose.level))
  const sorted = [...before].sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level))
  return arranged(view.layers?.base ?? view.list.columns, sorted.flatMap((/** @type {Layer} */ layer) => layer.operations))
}

/**
 * Keeps a layer's changes; without any it is reset.
 * @param {string} model
 * @param {Mine} whose
 * @param {Operation[]} operations
 */
export const keepLayer = (model, whose, operations) => records.method('workspace.layer', 'arrange', { model, level: whose.level, ...(whose.team && { team_id: whose.team }), operations })

/**
 * Gives a column a width of one's own.
 * @param {string} model
 * @param {any} view
 * @param {string} field
 * @param {number | null} pixels null for the usual width
 */
export function keepWidth(model, view, field, pixels) {
  /** @type {Mine} */
  const me = { level: 'person', team: null, owner: '' }
  const rest = operationsOf(view, me).filter((each) => !(each.op === 'width' && each.field === field))
  const whole = pixels === null ? rest : [...rest, /** @type {Operation} */ ({ op: 'width', field, pixels: Math.max(40, Math.min(1200, Math.round(pixels))) })]
  return keepLayer(model, me, whole)
}
