// @ts-check
// What board, calendar and analysis share: the question of the address, asked again when it or the records change.

import { showFailure } from '../kit/ui.js'
import { computed, effect, onCleanup, untracked } from '../kit/reactive.js'
import { call } from '../data/api.js'
import { follow } from '../data/events.js'
import { place } from '../shell/router.js'
import { readQuery } from './query.js'

/** Milliseconds after a change elsewhere before records are read again. */
const REST = 500

/**
 * Loads what a view shows, now and whenever it is due.
 * @template Facts
 * @param {{ source: any, view: any, path: string }} of
 * @param {{ facts: () => Facts, depends?: () => unknown, isFree?: () => boolean }} when the view's own facts, null before they are known; what else it depends on; whether it may change under the person's hands
 * @param {(query: any, facts: NonNullable<Facts>, search: (more: Record<string, any>) => Promise<any>) => Promise<any>} show asks for what it needs and gives the answer that holds the total
 * @returns {() => Promise<void>} loads again
 */
export function loading({ source, view, path }, { facts, depends = () => {}, isFree = () => true }, show) {
  const asked = computed(() => JSON.stringify(readQuery(place.value.query, view.value).query))
  async function load() {
    const known = untracked(facts)
    // The address may be another screen's already, which is only being loaded.
    if (!known || place.peek().area !== path) return
    const query = JSON.parse(asked.peek())
    try {
      const answer = await show(query, known, (more) => call('search', { model: source.model, filters: query.filters, text: query.text, domain: query.domain, ...more }))
      source.total.value = answer.total
    } catch (error) {
      showFailure(error)
    }
  }
  effect(() => {
    asked.value
    facts()
    depends()
    untracked(load)
  })
  /** @type {number | undefined} */
  let timer
  onCleanup(follow(source.model, () => {
    clearTimeout(timer)
    timer = setTimeout(() => isFree() && load(), REST)
  }))
  return load
}
