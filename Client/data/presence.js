// @ts-check
// Who else has a record open. This page tells which one it has open as long as it is; the stream of changes brings the others.

import { signal } from '../kit/reactive.js'
import { call, newKey } from './api.js'
import { follow, onPresence } from './events.js'

/** Milliseconds between two words of this page; the server believes a page for 45 seconds. */
const BEAT = 20_000
const page = newKey()

/** @type {import('../kit/reactive.js').Signal<Record<string, [number, number, string][]>>} */
const others = signal({})
onPresence((seen) => (others.value = seen))

/**
 * The names of those who have a record open, oneself left out.
 * @param {string} model
 * @param {number} id
 * @returns {string[]}
 */
export const present = (model, id) => (others.value[model] ?? []).filter(([record]) => record === id).map(([, , name]) => name)

/**
 * Tells that this page has a record open, until the answer is called.
 * @param {string} model
 * @param {number} id
 */
export function attend(model, id) {
  const unfollow = follow(model, () => {})
  const tell = () => void (document.visibilityState === 'visible' && call('presence', { model, id, page }).catch(() => {}))
  tell()
  const timer = setInterval(tell, BEAT)
  const leave = () => void navigator.sendBeacon('/app/api/presence', new Blob([JSON.stringify({ page })], { type: 'application/json' }))
  addEventListener('pagehide', leave)
  return () => {
    clearInterval(timer)
    removeEventListener('pagehide', leave)
    unfollow()
    call('presence', { page }).catch(() => {})
  }
}
