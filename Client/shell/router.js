// @ts-check
// Addresses hold the state: /app/{area}/{kind}?q=&filter=&f=&group=&sort=&record=

import { computed, signal } from '../kit/reactive.js'

const read = () => {
  const parts = location.pathname.split('/').slice(2).filter(Boolean)
  return { area: parts[0] ?? '', kind: parts[1] ?? '', query: new URLSearchParams(location.search) }
}
/** @type {import('../kit/reactive.js').Signal<ReturnType<typeof read>>} */
export const place = signal(read())
/** The part of the address that chooses the screen. */
export const area = computed(() => place.value.area)

/**
 * Asked before one leaves; answers whether one may.
 * @type {(() => Promise<boolean>) | null}
 */
let guard = null
/** @param {(() => Promise<boolean>) | null} ask */
export const guardLeaving = (ask) => (guard = ask)

/**
 * Goes to an address.
 * @param {string} path
 * @param {{ replace?: boolean, force?: boolean }} [how]
 */
export async function go(path, how = {}) {
  if (!how.force && guard && !(await guard())) return false
  const before = location.pathname + location.search
  if (path !== before) history[how.replace ? 'replaceState' : 'pushState'](null, '', path)
  place.value = read()
  return true
}

/**
 * Changes items of the query; null removes one, a list repeats it.
 * @param {Record<string, string | string[] | null>} items
 * @param {{ replace?: boolean, force?: boolean }} [how]
 */
export function goQuery(items, how = {}) {
  const query = new URLSearchParams(place.peek().query)
  for (const [name, value] of Object.entries(items)) {
    query.delete(name)
    if (Array.isArray(value)) for (const each of value) query.append(name, each)
    else if (value !== null && value !== '') query.set(name, value)
  }
  const text = query.toString()
  return go(location.pathname + (text ? `?${text}` : ''), how)
}

addEventListener('popstate', async () => {
  if (guard && !(await guard())) return history.forward()
  place.value = read()
})
addEventListener('click', (event) => {
  const link = /** @type {Element} */ (event.target).closest?.('a[href^="/app"]')
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button || link.hasAttribute('download')) return
  event.preventDefault()
  go(link.getAttribute('href') ?? '/app')
})
addEventListener('beforeunload', (event) => {
  if (unsaved.peek()) event.preventDefault()
})
/** Whether something was typed and not saved. */
export const unsaved = signal(false)
