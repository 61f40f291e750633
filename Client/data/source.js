// @ts-check
// The rows of a search: windows of a hundred, loaded as they are looked at, in one section or in groups that open.

import { signal } from '../kit/reactive.js'
import { call } from './api.js'
import { t } from '../lang/words.js'

/** @typedef {Record<string, any> & { id: number }} Row */
/**
 * @typedef {object} Section one group, or all rows
 * @property {string} key
 * @property {string | null} label null for the only one
 * @property {number} count
 * @property {any[]} domain
 * @property {boolean} open
 * @property {any[]} measures
 * @property {Map<number, import('../kit/reactive.js').Signal<Row[] | null>>} pages
 */
/** @typedef {{ section: Section, row: Row | null | undefined, place: number }} Line a header when `row` is undefined */
/** @typedef {{ filters: string[], domain: any[], text: string, order: string, group: string[], fields?: string[] }} Query */

const PAGE = 100
/** The most rows of one answer. */
const MANY = 500

/**
 * Rows of a model.
 * @param {string} model
 */
export function createSource(model) {
  const sections = signal(/** @type {Section[]} */ ([]))
  const total = signal(0)
  const lines = signal(0)
  const totals = signal(/** @type {Record<string, any>} */ ({}))
  const view = signal(/** @type {any} */ (null))
  const state = signal(/** @type {'waiting' | 'ready' | 'failed'} */ ('waiting'))
  const failure = signal(/** @type {any} */ (null))
  // 0 while it is quick, 1 after four seconds, 2 after fifteen.
  const slowness = signal(0)
  /** @type {number[]} */
  let timers = []
  const calm = () => {
    timers.forEach(clearTimeout)
    slowness.value = 0
  }
  /** @type {Query} */
  let query = { filters: [], domain: [], text: '', order: '', group: [] }
  let turn = 0
  /** @type {AbortController | null} */
  let running = null

  /** @param {Partial<Section>} part @returns {Section} */
  const section = (part) => ({ key: '', label: null, count: 0, domain: [], open: true, measures: [], pages: new Map(), ...part })

  const asked = () => ({
    model, filters: query.filters, domain: query.domain, text: query.text, ...(query.order && { order: query.order }),
    ...(query.fields && { fields: query.fields }),
  })

  function measure() {
    lines.value = sections.peek().reduce((sum, each) => sum + (each.label === null ? each.count : 1 + (each.open ? each.count : 0)), 0)
  }

  /**
   * Searches anew. The rows on screen stay until the new ones are there.
   * @param {Query} next
   */
  async function search(next) {
    query = next
    const mine = ++turn
    running?.abort()
    running = new AbortController()
    calm()
    timers = [4_000, 15_000].map((after, i) => setTimeout(() => (slowness.value = i + 1), after))
    try {
      const answer = await call('search', { ...asked(), limit: PAGE, offset: 0, describe: view.peek() === null, totals: true, ...(next.group.length && { group: next.group }) }, running.signal)
      if (mine !== turn) return
      if (answer.view) view.value = answer.view
      total.value = answer.total
      totals.value = answer.totals ?? {}
      if (next.group.length) {
        const before = new Map(sections.peek().map((each) => [each.key, each.open]))
        sections.value = inOrder(answer.groups, next.group[0]).map((/** @type {any} */ group) => {
          const key = JSON.stringify(group.keys)
          return section({ key, label: label(group.keys[0]), count: group.count, domain: group.domain, measures: group.measures, open: before.get(key) ?? false })
        })
      } else {
        const only = section({ count: answer.total })
        only.pages.set(0, signal(answer.rows))
        sections.value = [only]
      }
      measure()
      failure.value = null
      state.value = 'ready'
    } catch (error) {
      if (mine !== turn || /** @type {any} */ (error).name === 'AbortError') return
      failure.value = error
      state.value = 'failed'
    } finally {
      if (mine === turn) calm()
    }
  }

  /** Gives a search up; what was there stays. */
  function cancel() {
    turn++
    running?.abort()
    calm()
    if (state.peek() === 'waiting') {
      failure.value = { message: t('Loading was stopped.') }
      state.value = 'failed'
    }
  }

  /**
   * Groups in the order of the field's choices, where it has some.
   * @param {any[]} groups
   * @param {string} name
   */
  function inOrder(groups, name) {
    const choices = view.peek()?.fields[name]?.selection?.map((/** @type {[string, string]} */ [key]) => key)
    return choices ? [...groups].sort((a, b) => choices.indexOf(a.keys[0]) - choices.indexOf(b.keys[0])) : groups
  }

  /** @param {any} value */
  function label(value) {
    if (Array.isArray(value)) return String(value[1])
    return value === false || value === null || value === undefined ? '' : String(value)
  }

  /** @param {Section} section @param {number} number */
  function page(section, number) {
    let cell = section.pages.get(number)
    if (!cell) {
      cell = signal(/** @type {Row[] | null} */ (null))
      section.pages.set(number, cell)
      const target = cell
      const mine = turn
      call('search', { ...asked(), domain: and(query.domain, section.domain), limit: PAGE, offset: number * PAGE }).then(
        (answer) => mine === turn && (target.value = answer.rows),
        () => section.pages.delete(number))
    }
    return cell
  }

  /** @param {any[]} first @param {any[]} second */
  const and = (first, second) => (first.length && second.length ? ['&', ...joined(first), ...joined(second)] : [...first, ...second])
  /**
   * A domain of several conditions as one that can be joined.
   * @param {any[]} domain
   */
  function joined(domain) {
    let open = 0
    for (const item of domain) open += item === '&' || item === '|' ? 1 : item === '!' ? 0 : -1
    return [...Array(Math.max(0, -open - 1)).fill('&'), ...domain]
  }

  /**
   * The line at a place, its row loaded when it is not there yet.
   * @param {number} index
   * @returns {Line | null}
   */
  function line(index) {
    let rest = index
    for (const each of sections.value) {
      if (each.label !== null) {
        if (rest === 0) return { section: each, row: undefined, place: -1 }
        rest--
        if (!each.open) continue
      }
      if (rest < each.count) return { section: each, row: page(each, Math.floor(rest / PAGE)).value?.[rest % PAGE] ?? null, place: rest }
      rest -= each.count
    }
    return null
  }

  /**
   * Opens or closes a group.
   * @param {Section} section
   */
  function toggle(section) {
    section.open = !section.open
    sections.value = [...sections.peek()]
    measure()
  }

  /**
   * Puts a changed row in place of the one that is shown.
   * @param {Row} row
   */
  function patch(row) {
    for (const each of sections.peek()) {
      for (const cell of each.pages.values()) {
        const at = cell.peek()?.findIndex((known) => known.id === row.id) ?? -1
        if (at >= 0) cell.value = /** @type {Row[]} */ (cell.peek()).map((known, i) => (i === at ? { ...known, ...row } : known))
      }
    }
  }

  /**
   * Reads rows again that changed elsewhere and are shown; says how many are, and how many of them no longer match.
   * @param {number[]} ids
   */
  async function refresh(ids) {
    const shown = new Set()
    for (const each of sections.peek()) for (const cell of each.pages.values()) for (const row of cell.peek() ?? []) shown.add(row.id)
    const known = ids.filter((id) => shown.has(id))
    const answer = await call('search', { ...asked(), domain: and(query.domain, [['id', 'in', ids]]), limit: PAGE })
    const found = new Set(answer.rows.map((/** @type {Row} */ row) => row.id))
    for (const row of answer.rows) patch(row)
    return { fresh: answer.rows.filter((/** @type {Row} */ row) => !shown.has(row.id)).length, gone: known.filter((id) => !found.has(id)).length }
  }

  /**
   * The ids of all rows that match, up to a limit.
   * @param {number} limit
   */
  async function allIds(limit) {
    /** @type {number[]} */
    const ids = []
    while (ids.length < limit) {
      const answer = await call('search', { ...asked(), fields: ['id'], limit: Math.min(MANY, limit - ids.length), offset: ids.length })
      ids.push(...answer.rows.map((/** @type {Row} */ row) => row.id))
      if (answer.rows.length < MANY) break
    }
    return ids
  }

  return { model, sections, total, totals, lines, view, state, slowness, cancel, failure, search, again: () => search(query), line, toggle, patch, refresh, allIds, query: () => query }
}
