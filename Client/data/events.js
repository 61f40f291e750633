// @ts-check
// Changes made elsewhere, as they happen. One tab listens and tells the others, so that a browser holds one connection.

import { connection } from './api.js'

/** @typedef {{ model: string, ids: number[], kind: string }} Change */
/** @type {Map<string, Set<(change: Change | null) => void>>} */
const listeners = new Map()
/** @type {EventSource | null} */
let source = null
let wanted = ''
let isLeader = false
/** @typedef {Record<string, [number, number, string][]>} Presence */
/** @type {(seen: Presence) => void} */
let hearPresence = () => {}
/** @type {Presence} */
let lastPresence = {}
/**
 * Says who hears of those who have records open: `{model: [[record, user, name]]}`, all of them each time.
 * @param {(seen: Presence) => void} hear
 */
export const onPresence = (hear) => void (hearPresence = hear)
const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('baton-changes') : null

/** @param {Change | null} change null after a gap: everything may have changed */
function deliver(change) {
  for (const [model, hear] of listeners) {
    if (change && change.model !== model) continue
    for (const each of hear) each(change)
  }
}
channel?.addEventListener('message', (event) => {
  if (event.data.change !== undefined) deliver(event.data.change)
  if (event.data.presence) hearPresence(event.data.presence)
  if (event.data.state && !isLeader) connection.value = event.data.state
  if (event.data.models && isLeader) {
    open(event.data.models)
    channel?.postMessage({ presence: lastPresence })
  }
})

/**
 * Hears of changes of a model's records until the answer is called.
 * @param {string} model
 * @param {(change: Change | null) => void} hear
 */
export function follow(model, hear) {
  const set = listeners.get(model) ?? new Set()
  set.add(hear)
  listeners.set(model, set)
  schedule()
  return () => {
    set.delete(hear)
    if (set.size === 0) listeners.delete(model)
  }
}

/**
 * Loads again a moment after records of some models changed, once for many changes, until the answer is called.
 * @param {string[]} models
 * @param {() => void} load
 * @param {number} wait milliseconds
 */
export function reload(models, load, wait) {
  /** @type {number | undefined} */
  let soon
  const stops = models.map((model) => follow(model, () => {
    clearTimeout(soon)
    soon = setTimeout(load, wait)
  }))
  return () => {
    clearTimeout(soon)
    for (const stop of stops) stop()
  }
}

/** @type {number | undefined} */
let timer
function schedule() {
  clearTimeout(timer)
  timer = setTimeout(() => {
    const models = [...listeners.keys()].join(',')
    if (!models) return
    if (isLeader) open(models)
    else channel?.postMessage({ models })
  }, 50)
}

/** @param {string} models */
function open(models) {
  const all = new Set([...wanted.split(','), ...models.split(',')].filter(Boolean))
  const next = [...all].sort().join(',')
  if (next === wanted && source && source.readyState !== EventSource.CLOSED) return
  wanted = next
  source?.close()
  source = new EventSource(`/app/api/events?models=${encodeURIComponent(wanted)}`)
  source.addEventListener('open', () => tell('live'))
  source.addEventListener('error', () => tell(navigator.onLine ? 'reconnecting' : 'offline'))
  source.addEventListener('change', (event) => {
    const change = JSON.parse(/** @type {MessageEvent} */ (event).data)
    deliver(change)
    channel?.postMessage({ change })
  })
  source.addEventListener('presence', (event) => {
    lastPresence = JSON.parse(/** @type {MessageEvent} */ (event).data)
    hearPresence(lastPresence)
    channel?.postMessage({ presence: lastPresence })
  })
  source.addEventListener('gap', () => {
    deliver(null)
    channel?.postMessage({ change: null })
  })
}

/** @param {'live' | 'reconnecting' | 'offline'} state */
function tell(state) {
  connection.value = state
  channel?.postMessage({ state })
}

/** Begins to listen; of several tabs one does. */
export function listen() {
  const lead = () => {
    isLeader = true
    schedule()
    return new Promise(() => {})
  }
  if (navigator.locks) navigator.locks.request('baton-changes', lead)
  else lead()
  addEventListener('offline', () => tell('offline'))
  addEventListener('online', () => {
    tell('reconnecting')
    if (isLeader) {
      const models = wanted
      wanted = ''
      open(models)
    }
  })
}

/** Stops: the person signed out. */
export function stopListening() {
  source?.close()
  source = null
  wanted = ''
}
