// @ts-check
// Saves that wait for the connection, sent in their order when it is back. They stand in the tab's store like drafts, and go with them.
// Money, actions and decisions never wait here.

import { effect, signal, untracked } from '../kit/reactive.js'
import { call, connection, records, sessionEnded } from './api.js'

/** @typedef {{ model: string, id: number | null, version: number | null, values: Record<string, any>, once: string, title: string }} Waiting */

const KEY = 'baton.draft queue'
/** Milliseconds between two tries. */
const PAUSE = 5_000
const secret = /password|secret|token|key/i

/** @type {import('../kit/reactive.js').Signal<Waiting[]>} */
export const waiting = signal(stored())
let isSending = false

/** @returns {Waiting[]} */
function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? '[]')
  } catch {
    return []
  }
}
/** @param {Waiting[]} next */
function keep(next) {
  waiting.value = next
  try {
    if (next.length) sessionStorage.setItem(KEY, JSON.stringify(next))
    else sessionStorage.removeItem(KEY)
  } catch { /* the page still has them */ }
}

/**
 * Whether a save may wait: money is settled at once or not at all, and secrets stay out of the tab's store.
 * @param {Record<string, any>} fields
 * @param {Record<string, any>} values
 */
export const mayWait = (fields, values) => Object.keys(values).every((name) => fields[name]?.type !== 'monetary' && !secret.test(name))

/**
 * Lets a save wait. One more of the same record joins it.
 * @param {Waiting} save
 */
export function wait(save) {
  const same = waiting.peek().find((each) => save.id !== null && each.model === save.model && each.id === save.id)
  // What joins is another save, with a key of its own.
  if (same) keep(waiting.peek().map((each) => (each === same ? { ...save, version: each.version, values: { ...each.values, ...save.values } } : each)))
  else keep([...waiting.peek(), save])
}

/** @type {{ sent: (save: Waiting, answer: any) => void, refused: (save: Waiting, error: any) => void }} */
let hears = { sent: () => {}, refused: () => {} }
/** @type {Set<(save: Waiting, answer: any) => void>} */
const sentListeners = new Set()
/**
 * Hears of saves that were sent, until the answer is called.
 * @param {(save: Waiting, answer: any) => void} hear
 */
export function onSent(hear) {
  sentListeners.add(hear)
  return () => void sentListeners.delete(hear)
}

/** Sends what waits, in its order; stops where the server is away. */
export async function sendWaiting() {
  if (isSending || sessionEnded.peek()) return
  isSending = true
  try {
    while (waiting.peek().length) {
      const first = waiting.peek()[0]
      try {
        const answer = await records.save(first.model, first.id, first.version, first.values, first.once)
        keep(waiting.peek().filter((each) => each !== first))
        for (const hear of sentListeners) hear(first, answer)
        hears.sent(first, answer)
      } catch (error) {
        const { status } = /** @type {any} */ (error)
        if (!status || status === 401 || status >= 500) return
        keep(waiting.peek().filter((each) => each !== first))
        hears.refused(first, error)
      }
    }
  } finally {
    isSending = false
  }
}

/**
 * Begins: whatever waits is sent as soon as the server answers again.
 * @param {typeof hears} listeners
 */
export function startQueue(listeners) {
  hears = listeners
  effect(() => {
    if (connection.value === 'live' && !sessionEnded.value && waiting.value.length) untracked(() => void sendWaiting())
  })
  addEventListener('online', () => void sendWaiting())
  setInterval(() => {
    // A look whether the server is there; the answer brings the connection back to life, and that sends.
    if (connection.peek() !== 'live' && navigator.onLine && document.visibilityState === 'visible') call('start').then(() => sendWaiting(), () => {})
  }, PAUSE)
}
